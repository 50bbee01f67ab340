/**
 * The HTTPS server that API servers call: AdmissionReview in and out, its certificate, health, readiness and metrics.
 * Knows nothing of verdicts: it decodes, asks the Reviewer, and encodes, and whatever goes wrong is never an allow.
 * Imports review, policy, manifest, certificate and model.
 */
@NullMarked
package dev.unroot.webhook;

import org.jspecify.annotations.NullMarked;
