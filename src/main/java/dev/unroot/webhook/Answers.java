package dev.unroot.webhook;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Sends and counts answers of the admission server. Once it drains, each one ends its connection. */
final class Answers {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain; charset=utf-8");
    private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");

    private final Metrics metrics;
    private volatile boolean draining;

    Answers(Metrics metrics) {
        this.metrics = metrics;
    }

    /** From now on clients are told to come back by another connection, which leads to another replica. */
    void drain() {
        draining = true;
    }

    void review(HttpServerRequest request, byte[] body) {
        request.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        send(request, 200, Buffer.buffer(body), draining);
    }

    /** A sentence instead of a review; the API server takes it as a failed call, and failurePolicy decides. */
    void refuse(HttpServerRequest request, int code, String sentence) {
        refuse(request, code, sentence, draining);
    }

    /** The same for a request that did not come in whole, and will not. */
    void refuseAndClose(HttpServerRequest request, int code, String sentence) {
        refuse(request, code, sentence, true);
    }

    private void refuse(HttpServerRequest request, int code, String sentence, boolean close) {
        request.response().putHeader(HttpHeaders.CONTENT_TYPE, TEXT);
        if (code == 503) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        send(request, code, Buffer.buffer(sentence + "\n"), close);
    }

    private void send(HttpServerRequest request, int code, Buffer body, boolean close) {
        metrics.answered(code);
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(code);
        if (close) {
            response.putHeader(HttpHeaders.CONNECTION, CLOSE);
        }
        Future<Void> sent = response.end(body);
        if (close) {
            sent.onComplete(done -> request.connection().close());
        }
    }
}
