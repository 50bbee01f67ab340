package dev.unroot.manifest;

/** Takes a document that is too long to be held. */
interface LongDocument extends ListItems {
    /** It has been read. @param root without the items that were taken */
    void end(YamlNode root);

    /** It cannot be read to its end, which is told elsewhere. */
    void broken();
}
