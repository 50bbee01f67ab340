/** Proof that the verdicts are those of the projects Unroot predicts: the kubelet, and Pod Security Admission. */
@NullMarked
package dev.unroot.agreement;

import org.jspecify.annotations.NullMarked;
