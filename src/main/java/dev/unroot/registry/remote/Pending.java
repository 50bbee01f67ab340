package dev.unroot.registry.remote;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Remedies;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A request on its way. Whoever gives up on it cancels it, at whatever point it has reached. */
final class Pending {
    private final Errand errand;
    private final @Nullable String body;
    private final CompletableFuture<BodyStream> answer = new CompletableFuture<>();
    private @Nullable HttpClientRequest request;
    private boolean abandoned;

    /** @param body to send; null for none */
    Pending(Errand errand, @Nullable String body) {
        this.errand = errand;
        this.body = body;
    }

    Reply send(HttpClient client, RequestOptions options, Origin origin, long millis) throws WireException {
        try {
            client.request(options).onSuccess(this::connected).onFailure(answer::completeExceptionally);
        } catch (IllegalStateException closed) {
            throw errand.notAsked(UnknownCause.UNREACHABLE, "Unroot is stopping");
        } catch (IllegalArgumentException malformed) {
            throw errand.notAsked(UnknownCause.MALFORMED, "its address is malformed")
                    .advising(Remedies.NO_REGISTRY);
        }
        try {
            return new Reply(origin, answer.get(millis, TimeUnit.MILLISECONDS), errand);
        } catch (TimeoutException e) {
            abandon();
            throw WireException.of(e, wasConnected());
        } catch (InterruptedException e) {
            abandon();
            Thread.currentThread().interrupt();
            throw errand.timedOut();
        } catch (ExecutionException e) {
            throw WireException.of(e.getCause() == null ? e : e.getCause(), wasConnected());
        }
    }

    private void connected(HttpClientRequest made) {
        made.exceptionHandler(answer::completeExceptionally);
        synchronized (this) {
            request = made;
            if (abandoned) {
                made.reset();
                return;
            }
        }
        (body == null ? made.send() : made.send(body))
                .onSuccess(this::answered)
                .onFailure(answer::completeExceptionally);
    }

    /** On the event loop, before any of the body is read: nothing of it is lost, and nothing comes unasked. */
    private void answered(HttpClientResponse head) {
        head.pause();
        BodyStream body = new BodyStream(head, errand);
        if (!answer.complete(body)) {
            body.close();
        }
    }

    private synchronized boolean wasConnected() {
        return request != null;
    }

    private void abandon() {
        answer.cancel(false);
        synchronized (this) {
            abandoned = true;
            if (request != null) {
                request.reset();
            }
        }
    }
}
