/** Benchmarks: what an admission costs. Run with the profile {@code bench}. */
@NullMarked
package dev.unroot.bench;

import org.jspecify.annotations.NullMarked;
