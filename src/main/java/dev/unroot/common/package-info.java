/**
 * What everybody uses and no room of ours owns: deadlines, globs, texts for messages, durations and quantities as Kubernetes
 * writes them, threads.
 *
 * <p>Imports: none. Libraries: com.sun.management.
 */
@NullMarked
package dev.unroot.common;

import org.jspecify.annotations.NullMarked;
