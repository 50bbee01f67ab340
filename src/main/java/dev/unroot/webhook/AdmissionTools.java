package dev.unroot.webhook;

import dev.unroot.review.Reviewer;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

/**
 * What every request needs; made once.
 *
 * @param largeBodies where bodies are read that would hold up an event loop for milliseconds
 */
record AdmissionTools(
        Vertx vertx,
        WebhookOptions options,
        AdmissionReviewReader reader,
        AdmissionReviewWriter writer,
        Reviewer reviewer,
        Metrics metrics,
        DecisionLog log,
        InFlight inFlight,
        Answers answers,
        WorkerExecutor largeBodies) {}
