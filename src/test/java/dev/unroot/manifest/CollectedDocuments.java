package dev.unroot.manifest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The documents of a text, all held. */
final class CollectedDocuments implements DocumentConsumer {
    private final List<YamlDocument> documents = new ArrayList<>();

    private CollectedDocuments() {}

    static List<YamlDocument> of(byte[] text) throws IOException {
        return of(text, YamlDocuments.WHOLE);
    }

    static List<YamlDocument> of(byte[] text, int whole) throws IOException {
        CollectedDocuments collected = new CollectedDocuments();
        YamlDocuments.read(new ByteArrayInputStream(text), whole, collected);
        return collected.documents;
    }

    @Override
    public void accept(YamlDocument document) {
        documents.add(document);
    }

    @Override
    public LongDocument longDocument(int number) {
        return new LongDocument() {
            @Override
            public void end(YamlNode root) {
                if (!root.isNull()) {
                    documents.add(new YamlDocument.Parsed(number, root));
                }
            }

            @Override
            public void broken() {}

            @Override
            public boolean taken(Map<String, YamlNode.Entry> before) {
                return false;
            }

            @Override
            public void item(YamlNode item, long values) {
                throw new IllegalStateException();
            }
        };
    }

    @Override
    public boolean isFull() {
        return false;
    }
}
