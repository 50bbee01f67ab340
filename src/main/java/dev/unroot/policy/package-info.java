/**
 * What each level requires: one file per check, and their list in {@link dev.unroot.policy.Policy}. Pure: facts in,
 * findings out, no I/O, no clock, no state.
 * Imports model.
 */
@NullMarked
package dev.unroot.policy;

import org.jspecify.annotations.NullMarked;
