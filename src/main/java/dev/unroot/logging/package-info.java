/**
 * How log lines are written, and how many: one flat JSON object each.
 *
 * <p>Imports: common. Libraries: ch.qos.logback, org.slf4j.
 */
@NullMarked
package dev.unroot.logging;

import org.jspecify.annotations.NullMarked;
