package dev.unroot.manifest;

/** Keeps a document from growing beyond what memory and stack can hold; aliases count as what they stand for. */
final class NodeLimits {
    /** Deeper than any Kubernetes object; schemas in a CustomResourceDefinition come to about 60. */
    static final int MAX_DEPTH = 200;
    /** Values in an object. With its key one takes about 200 bytes; 16 MiB of Kubernetes objects hold about 500,000. */
    static final int MAX_NODES = 1_000_000;
    /** Characters in an object. API servers store none of more than 1.5 MiB, as etcd would not take it. */
    static final int MAX_OBJECT = 16 << 20;

    /**
     * Characters in a line of YAML: more than a ConfigMap can hold in base64. SnakeYAML's time grows with the square of
     * it.
     */
    static final int MAX_LINE = 2 << 20;

    private long nodes;
    private int deepest;

    static void checkLines(String text, int firstLine) throws DocumentException {
        int line = firstLine;
        int start = 0;
        while (start < text.length()) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline;
            if (end - start > MAX_LINE) {
                throw new DocumentException(line, "longer than " + (MAX_LINE >> 20) + " MiB in one line");
            }
            start = end + 1;
            line++;
        }
    }

    /** An object of its own is read from here on. */
    void beginObject() {
        nodes = 0;
    }

    long nodes() {
        return nodes;
    }

    /** The greatest depth since {@link #enter}. */
    int deepest() {
        return deepest;
    }

    void add(long count, int depth, int line) throws DocumentException {
        nodes += count;
        deepest = Math.max(deepest, depth);
        if (depth > MAX_DEPTH) {
            throw new DocumentException(line, "nested deeper than " + MAX_DEPTH + " levels");
        }
        if (nodes > MAX_NODES) {
            throw new DocumentException(
                    line, "holds more than " + MAX_NODES + " values, what its aliases stand for included");
        }
    }

    /** Starts to measure a part of the document; give back what it returns to {@link #leave}. */
    int enter(int depth) {
        int before = deepest;
        deepest = depth;
        return before;
    }

    void leave(int before) {
        deepest = Math.max(deepest, before);
    }
}
