/**
 * The HTTPS server that API servers call: AdmissionReview in and out, its certificate, health, readiness and metrics.
 * Knows nothing of verdicts: it decodes, asks the Reviewer, and encodes, and whatever goes wrong is never an allow.
 *
 * <p>Imports: certificate, common, manifest, model, policy, review. Libraries: com.fasterxml.jackson, io.micrometer, io.netty, io.vertx, org.slf4j.
 */
@NullMarked
package dev.unroot.webhook;

import org.jspecify.annotations.NullMarked;
