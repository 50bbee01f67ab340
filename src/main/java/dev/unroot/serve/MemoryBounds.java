package dev.unroot.serve;

import com.sun.management.OperatingSystemMXBean;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.layer.ZstdMemory;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a replica may take of its container's memory, in bytes: the kernel kills a process that takes more, without a word
 * in its log. The image's JVM options set the first four; nothing else of what Unroot holds is beside them.
 *
 * @param heap bodies, connections, answers of registries and caches have their shares in it
 * @param direct buffers of connections, by {@code -XX:MaxDirectMemorySize}
 * @param metaspace classes, by {@code -XX:MaxMetaspaceSize}
 * @param code compiled code, by {@code -XX:ReservedCodeCacheSize}
 * @param zstd windows that layers are decoded with, outside the heap
 * @param rest stacks of threads, the collector, symbols, the class archive, what malloc keeps: measured at 60 MiB under load
 */
record MemoryBounds(long heap, long direct, long metaspace, long code, long zstd, long rest) {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryBounds.class);

    /** Of the container's memory, in percent, by {@code -XX:MaxRAMPercentage}. */
    static final int HEAP_PERCENT = 40;

    static final String DIRECT_FLAG = "-XX:MaxDirectMemorySize=64m";
    static final String METASPACE_FLAG = "-XX:MaxMetaspaceSize=80m";
    static final String CODE_FLAG = "-XX:ReservedCodeCacheSize=48m";

    private static final long MEBIBYTE = 1 << 20;

    /**
     * Where the image runs, whose JVM options bound all of it but what the configuration lets layers take.
     *
     * @param container what it may have, in bytes
     */
    static MemoryBounds ofImage(long container, Limits limits) {
        return new MemoryBounds(
                container * HEAP_PERCENT / 100,
                64 * MEBIBYTE,
                80 * MEBIBYTE,
                48 * MEBIBYTE,
                ZstdMemory.most(limits.zstdWindowBytes()),
                60 * MEBIBYTE);
    }

    long total() {
        return heap + direct + metaspace + code + zstd + rest;
    }

    /** Says so where the image's bounds come to more than its container may have. */
    static void warn(Limits limits) {
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
        if (flags.contains(DIRECT_FLAG)
                && ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            long container = system.getTotalMemorySize();
            long total = ofImage(container, limits).total();
            if (total > container) {
                LOG.warn(
                        "this container has {} MiB of memory, and what Unroot may take adds up to {} MiB: under load the kernel "
                                + "may kill it without a word here. Raise resources.limits.memory, or lower "
                                + "imageLookup.limits.zstdWindowBytes.",
                        container / MEBIBYTE,
                        total / MEBIBYTE);
            }
        }
    }
}
