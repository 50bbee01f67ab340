/**
 * Finds {@code /etc/passwd} in image layers as a container runtime would have unpacked it, or says that it cannot be told.
 * Streams: nothing is written, and what is held in memory has a bound.
 *
 * <p>Imports: common, registry.documents. Libraries: com.fasterxml.jackson, com.github.luben.zstd.
 */
@NullMarked
package dev.unroot.registry.layer;

import org.jspecify.annotations.NullMarked;
