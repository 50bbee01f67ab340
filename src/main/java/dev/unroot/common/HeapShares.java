package dev.unroot.common;

/**
 * Who may have how much of the heap, in bytes. All that strangers can make grow draws from one of the first four, and
 * together with the rest they are the heap: whatever comes at once, there is room for it.
 *
 * @param bodies of requests, and what is read from them
 * @param connections to the webhook's port
 * @param cache of images
 * @param lookups that are under way: what registries answer, and what is made of it
 * @param rest classes, the cluster's namespaces and nodes, tokens, metrics, what is garbage but not yet collected
 */
public record HeapShares(long bodies, long connections, long cache, long lookups, long rest) {
    /** In bytes. In a smaller one the least that some shares must be comes to more than there is. */
    public static final long SMALLEST = 256L << 20;

    private static final long LEAST_BODIES = 32L << 20;

    /** Of the heap that this process may have. */
    public static HeapShares ofThisProcess() {
        return of(Runtime.getRuntime().maxMemory());
    }

    /** @param heap in bytes, at most */
    public static HeapShares of(long heap) {
        long bodies = Math.max(LEAST_BODIES, heap / 5);
        long connections = heap / 8;
        long cache = heap / 8;
        long lookups = heap * 3 / 8;
        return new HeapShares(bodies, connections, cache, lookups, heap - bodies - connections - cache - lookups);
    }
}
