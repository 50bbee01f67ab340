/**
 * Inputs that nobody thought of: seeded generators, run with a fixed seed in every build, and the parts that tests of
 * other packages make them of. A failure tells the seed, the round and the input.
 */
@NullMarked
package dev.unroot.fuzz;

import org.jspecify.annotations.NullMarked;
