/**
 * One review, a straight line: exemptions, modes, image users, policy, decision; and the ports that line needs.
 * Imports policy, manifest and model; whoever implements a port lives above.
 */
@NullMarked
package dev.unroot.review;

import org.jspecify.annotations.NullMarked;
