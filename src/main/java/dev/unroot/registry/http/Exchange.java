package dev.unroot.registry.http;

import dev.unroot.common.Deadline;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Remedies;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.ProxyServer;
import dev.unroot.registry.place.RequestContext;
import io.vertx.core.Context;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way. Whoever gives up on it cancels it, at whatever point it has reached.
 *
 * <p>All that is done to a request is done on the one event loop that its connection lives on too: only there is it certain
 * whether an answer has ended, after which its connection may be somebody else's.
 */
final class Exchange {
    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

    private final Context loop;
    private final RequestContext context;
    private final @Nullable ProxyServer proxy;
    private final @Nullable String body;
    private final CompletableFuture<BodyStream> answer = new CompletableFuture<>();
    private volatile @Nullable HttpClientRequest request;
    /** Seen on the event loop alone, as the next. */
    private boolean abandoned;

    private boolean begun;

    /**
     * @param proxy that it goes through; null for none
     * @param body to send; null for none
     */
    Exchange(Context loop, RequestContext context, @Nullable ProxyServer proxy, @Nullable String body) {
        this.proxy = proxy;
        this.loop = loop;
        this.context = context;
        this.body = body;
    }

    /** @param origin who is asked; by its name the answer goes */
    Response send(HttpClient client, RequestOptions options, Origin origin) throws TransportException {
        try {
            loop.runOnContext(nothing -> begin(client, options));
            Response response = new Response(origin, context.deadline().await(answer), context);
            if (proxy != null && response.status() == PROXY_AUTHENTICATION_REQUIRED) {
                response.close();
                throw TransportException.ofProxy(proxy, PROXY_AUTHENTICATION_REQUIRED);
            }
            return response;
        } catch (RejectedExecutionException closed) {
            throw stopping();
        } catch (Deadline.Interrupted e) {
            abandon();
            throw context.timedOut();
        } catch (TimeoutException e) {
            abandon();
            throw failed(e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof LookupException known) {
                throw known;
            }
            throw failed(cause);
        }
    }

    private TransportException failed(Throwable cause) {
        TransportException failure = TransportException.of(cause, request != null);
        return proxy == null ? failure : failure.through(proxy);
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
