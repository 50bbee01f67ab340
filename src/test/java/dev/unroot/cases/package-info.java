/**
 * Cases as documentation: each file under {@code src/test/resources/cases} is a pod, what is known of its images, and
 * what Unroot says of it. The same files run against every way to ask, and all must agree.
 */
@NullMarked
package dev.unroot.cases;

import org.jspecify.annotations.NullMarked;
