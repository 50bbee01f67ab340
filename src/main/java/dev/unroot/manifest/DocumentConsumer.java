package dev.unroot.manifest;

/** Takes the documents of an input, in the order they stand in. */
interface DocumentConsumer {
    void accept(YamlDocument document);

    /** What takes the next document, should it be too long to be held. */
    LongDocument longDocument(int number);

    /** Whether no more are taken. */
    boolean isFull();
}
