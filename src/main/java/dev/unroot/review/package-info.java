/**
 * One review, a straight line: exemptions, modes, image users, policy, decision; and the ports that line needs. Whoever
 * implements a port lives above.
 *
 * <p>Imports: common, manifest, model, policy. Libraries: org.slf4j.
 */
@NullMarked
package dev.unroot.review;

import org.jspecify.annotations.NullMarked;
