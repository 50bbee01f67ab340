package dev.unroot.registry.http;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Remedies;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.RequestContext;
import io.vertx.core.Context;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way. Whoever gives up on it cancels it, at whatever point it has reached.
 *
 * <p>All that is done to a request is done on the one event loop that its connection lives on too: only there is it certain
 * whether an answer has ended, after which its connection may be somebody else's.
 */
final class Exchange {
    private final Context loop;
    private final RequestContext context;
    private final @Nullable String body;
    private final CompletableFuture<BodyStream> answer = new CompletableFuture<>();
    private volatile @Nullable HttpClientRequest request;
    /** Seen on the event loop alone, as the next. */
    private boolean abandoned;

    private boolean begun;

    /** @param body to send; null for none */
    Exchange(Context loop, RequestContext context, @Nullable String body) {
        this.loop = loop;
        this.context = context;
        this.body = body;
    }

    Response send(HttpClient client, RequestOptions options, Origin origin, long millis) throws TransportException {
        try {
            loop.runOnContext(nothing -> begin(client, options));
            return new Response(origin, answer.get(millis, TimeUnit.MILLISECONDS), context);
        } catch (RejectedExecutionException closed) {
            throw stopping();
        } catch (TimeoutException e) {
            abandon();
            throw TransportException.of(e, wasConnected());
        } catch (InterruptedException e) {
            abandon();
            Thread.currentThread().interrupt();
            throw context.timedOut();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof LookupException known) {
                throw known;
            }
            throw TransportException.of(cause, wasConnected());
        }
    }

    private LookupException stopping() {
        return context.notAsked(UnknownCause.UNREACHABLE, "Unroot is stopping");
    }

    private void begin(HttpClient client, RequestOptions options) {
        if (abandoned) {
            return;
        }
        try {
            client.request(options).onSuccess(this::connected).onFailure(answer::completeExceptionally);
        } catch (IllegalStateException closed) {
            answer.completeExceptionally(stopping());
        } catch (IllegalArgumentException malformed) {
            answer.completeExceptionally(context.notAsked(UnknownCause.MALFORMED, "its address is malformed")
                    .advising(Remedies.NO_REGISTRY));
        }
    }

    private void connected(HttpClientRequest made) {
        made.exceptionHandler(answer::completeExceptionally);
        request = made;
        if (abandoned) {
            made.reset();
            return;
        }
        (body == null ? made.send() : made.send(body))
                .onSuccess(this::answered)
                .onFailure(answer::completeExceptionally);
    }

    /** Before any of the body is read: nothing of it is lost, and nothing comes unasked. */
    private void answered(HttpClientResponse head) {
        begun = true;
        head.pause();
        BodyStream stream = new BodyStream(loop, head, context);
        if (!answer.complete(stream)) {
            stream.close();
        }
    }

    private boolean wasConnected() {
        return request != null;
    }

    private void abandon() {
        if (answer.cancel(false)) {
            try {
                loop.runOnContext(nothing -> reset());
            } catch (RejectedExecutionException closed) {
                // Nothing is under way any more.
            }
        } else if (!answer.isCompletedExceptionally()) {
            answer.join().close();
        }
    }

    private void reset() {
        abandoned = true;
        HttpClientRequest made = request;
        if (made != null && !begun) {
            made.reset();
        }
    }
}
