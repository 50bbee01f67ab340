package dev.unroot.webhook;

import dev.unroot.common.Text;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Sends and counts answers of the admission server. Once it drains, each one ends its connection. */
final class Responses {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain; charset=utf-8");
    private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");

    private final Metrics metrics;
    private volatile boolean draining;

    Responses(Metrics metrics) {
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

    /** To what is no HTTP, or has no certain end. */
    void malformed(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            refuseAndClose(
                    request, 414, "The first line is longer than " + RequestDecoder.LONGEST_FIRST_LINE + " bytes.");
        } else if (cause instanceof TooLongHttpHeaderException) {
            refuseAndClose(
                    request,
                    431,
                    "The header has more than " + RequestDecoder.LARGEST_HEADERS + " bytes or "
                            + RequestDecoder.MOST_FIELDS + " fields.");
        } else {
            String sentence = cause instanceof MalformedRequestException
                    ? Text.why(cause)
                    : "The request is not well-formed HTTP/1.1.";
            refuseAndClose(request, 400, sentence);
        }
    }

    /** The same for a request that did not come in whole, and will not. */
    void refuseAndClose(HttpServerRequest request, int code, String sentence) {
        refuse(request, code, sentence, true);
    }

    /** After a request that should not have been sent the connection ends: nobody who means well sends the next one by it. */
    private void refuse(HttpServerRequest request, int code, String sentence, boolean last) {
        boolean close = last || code >= 400 && code < 500;
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
        // Of a request that is not in whole, RequestDecoder throws away the rest, and closes then.
        boolean whole = request.isEnded();
        Future<Void> sent = response.end(body);
        if (close && whole) {
            sent.onComplete(done -> request.connection().close());
        }
    }
}
