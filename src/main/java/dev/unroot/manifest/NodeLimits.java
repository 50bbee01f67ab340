package dev.unroot.manifest;

/** Keeps a document from growing beyond what memory and stack can hold; aliases count as what they stand for. */
final class NodeLimits {
    /** Deeper than any Kubernetes object; schemas in a CustomResourceDefinition come to about 60. */
    static final int MAX_DEPTH = 200;
    /** Values in a document. One takes about 200 bytes. */
    static final int MAX_NODES = 1_000_000;

    private long nodes;
    private int deepest;

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
