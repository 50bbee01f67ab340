package dev.unroot.registry.cache;

/** Counts lookups. Called from any thread; must not block. */
public interface LookupListener {
    /** A query needed no lookup. */
    void answeredFromMemory();

    /**
     * A lookup has ended, however many queries waited for it.
     *
     * @param outcome {@code known}, {@code stale}, or the label of the cause for which nothing is known
     */
    void lookedUp(String outcome);
}
