package dev.unroot.webhook;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

/**
 * What every request needs; made once.
 *
 * @param largeBodies where bodies are read that would hold up an event loop for milliseconds
 */
record AdmissionContext(
        Vertx vertx,
        WebhookOptions options,
        CurrentReviewer reviewer,
        AdmissionReviewWriter writer,
        Metrics metrics,
        DecisionLog log,
        InFlight inFlight,
        EventLoopHeartbeats heartbeats,
        Responses answers,
        WorkerExecutor largeBodies) {}
