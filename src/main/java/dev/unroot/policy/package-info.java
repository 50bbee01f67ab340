/**
 * What each level requires: one file per check, and their list in {@link dev.unroot.policy.Policy}. Pure: facts in,
 * findings out, no I/O, no clock, no state.
 *
 * <p>Imports: common, model. Libraries: none.
 */
@NullMarked
package dev.unroot.policy;

import org.jspecify.annotations.NullMarked;
