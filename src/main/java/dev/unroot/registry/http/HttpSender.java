package dev.unroot.registry.http;

import dev.unroot.common.HostAndPort;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Remedies;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.Outages;
import dev.unroot.registry.place.RegistryHosts;
import dev.unroot.registry.place.RequestContext;
import dev.unroot.registry.place.RequestListener;
import dev.unroot.registry.place.Target;
import dev.unroot.registry.place.TargetResolver;
import dev.unroot.registry.place.TrustZone;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request to one checked address and waits for the head of its answer. Blocks: call it from a worker thread,
 * never from an event loop.
 */
public final class HttpSender implements AutoCloseable {
    /** A host with more addresses than these that do not answer is not there. */
    private static final int MOST_ADDRESSES = 3;

    /** Redirects to object storage carry their signature in the address: some are 4 KiB long. */
    private static final int HEADER_BYTES = 16 * 1024;

    private static final int WAITING_PER_HOST = 64;
    private static final int MOST_MILLIS_LEFT = 100;
    /** Less than the time after which load balancers silently drop a connection. */
    private static final int KEEP_ALIVE_SECONDS = 15;

    private final Context loop;
    private final HttpClient client;
    /** For what must not meet a connection that its other end has just closed: one of its own for each request. */
    private final HttpClient unkept;

    private final TargetResolver resolver;
    private final RegistryHosts hosts;
    private final Trust trust;
    private final TrustZone trustZone;
    private final RequestListener listener;
    private final Outages outages;
    /** Only hosts of this machine get in here, so they are few. */
    private final Set<Origin> speakPlain = ConcurrentHashMap.newKeySet();

    public HttpSender(
            Vertx vertx,
            TargetResolver resolver,
            RegistryHosts hosts,
            Trust trust,
            Outages outages,
            TrustZone trustZone,
            int connections,
            RequestListener listener) {
        this.loop = vertx.getOrCreateContext();
        if (!loop.isEventLoopContext()) {
            throw new IllegalStateException("not to be made by a worker of Vert.x");
        }
        this.client = client(vertx, connections, true);
        this.unkept = client(vertx, connections, false);
        this.resolver = resolver;
        this.hosts = hosts;
        this.trust = trust;
        this.trustZone = trustZone;
        this.listener = listener;
        this.outages = outages;
    }

    private static HttpClient client(Vertx vertx, int connections, boolean kept) {
        return vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setMaxHeaderSize(HEADER_BYTES)
                        .setMaxInitialLineLength(HEADER_BYTES)
                        .setKeepAlive(kept)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setDecompressionSupported(false)
                        .setVerifyHost(true))
                .with(new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(WAITING_PER_HOST))
                // What a stranger's server breaks is the lookup's failure; unhandled, Vert.x would log it as an error.
                .withConnectHandler(connection -> connection.exceptionHandler(failure -> {}))
                .build();
    }

    /**
     * @return its body unread: the caller closes it
     * @throws LookupException where no answer comes, at once where that is known
     */
    Response send(Request request, RequestContext context) {
        Origin asked = request.origin();
        try (Outages.Attempt attempt = outages.begin(asked.toString(), context)) {
            boolean plain = speakPlain.contains(asked);
            try {
                Response response = send(plain ? request.inPlain() : request, asked, context);
                attempt.reached();
                return response;
            } catch (TransportException e) {
                Response inPlain = plain || !e.mayBePlain() ? null : sendPlain(request, context);
                if (inPlain != null) {
                    attempt.reached();
                    return inPlain;
                }
                note(attempt, e);
                listener.requested(e.unknownCause().label());
                throw told(e, asked, context);
            }
        }
    }

    private LookupException told(TransportException failure, Origin origin, RequestContext context) {
        LookupException told = failure.toFailure(context, hosts.of(origin).tls().clientCertificate() != null);
        return failure.unknownCause() == UnknownCause.MALFORMED && !origin.secure()
                ? told.advising(Remedies.NO_PLAIN_REGISTRY)
                : told;
    }

    /** Where no connection was made for some other reason, as that all of them are in use, nothing was found out. */
    private static void note(Outages.Attempt attempt, TransportException failure) {
        if (failure.wasConnected()) {
            attempt.reached();
        } else if (failure.isUnreached() && failure.unknownCause() == UnknownCause.TIMEOUT) {
            attempt.silent(failure::toFailure);
        } else if (failure.isUnreached()) {
            attempt.unreached(failure::toFailure);
        }
    }

    /**
     * As Docker treats a registry on one's own machine: https first, and where that is not spoken, http.
     *
     * @return null where it may not be, or is not spoken either
     */
    private @Nullable Response sendPlain(Request request, RequestContext context) {
        Origin asked = request.origin();
        boolean may = trustZone == TrustZone.TRUSTED
                && asked.secure()
                && request.authorization() == null
                && request.form() == null
                && HostAndPort.isLoopback(asked.host());
        try {
            Response response = may ? send(request.inPlain(), asked, context) : null;
            if (response != null) {
                speakPlain.add(asked);
            }
            return response;
        } catch (TransportException e) {
            return null;
        }
    }

    /**
     * Asks at one address after the other until a connection is made. A kept connection may have been closed by its other end
     * at the moment it was used: where no answer had begun, what may be asked twice is asked once more, on a connection of its
     * own. As Go's net/http does for idempotent requests. A form is none: it goes by such a connection at once.
     */
    private Response send(Request request, Origin asked, RequestContext context) throws TransportException {
        List<Target> targets = resolver.to(request.origin(), context);
        int tries = Math.min(MOST_ADDRESSES, targets.size());
        int at = 0;
        boolean kept = request.form() == null;
        while (true) {
            Target target = targets.get(at);
            long millis = context.remainingMillis();
            RequestOptions options =
                    target.set(options(request), request.origin()).setConnectTimeout(connectMillis(millis, tries - at));
            try {
                Response response = new Exchange(loop, context, target.proxy(), request.form())
                        .send(kept ? client : unkept, options, asked);
                listener.requested(Integer.toString(response.status()));
                return response;
            } catch (TransportException e) {
                boolean again = kept && e.wasClosedUnanswered();
                boolean elsewhere = !e.wasConnected() && at + 1 < tries;
                if (context.deadline().isOver() || !again && !elsewhere) {
                    throw e;
                }
                if (again) {
                    listener.repeated();
                    kept = false;
                } else {
                    at++;
                    kept = request.form() == null;
                }
            }
        }
    }

    /** A little less than there is: a connection that was not made is told from an answer that did not come. */
    private static long connectMillis(long millis, int addressesLeft) {
        return Math.max(1, (millis - Math.min(MOST_MILLIS_LEFT, millis / 10)) / addressesLeft);
    }

    private RequestOptions options(Request request) {
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setHost(request.origin().hostInAddress())
                .setPort(request.origin().port())
                .setSsl(request.origin().secure())
                .setURI(request.target())
                .setFollowRedirects(false)
                .putHeader("User-Agent", "unroot");
        if (request.origin().secure()) {
            options.setSslOptions(trust.of(hosts.of(request.origin())));
        }
        if (!request.accept().isEmpty()) {
            options.putHeader("Accept", request.accept());
        }
        if (request.authorization() != null) {
            options.putHeader("Authorization", request.authorization());
        }
        if (request.form() != null) {
            options.putHeader("Content-Type", "application/x-www-form-urlencoded");
        }
        return options;
    }

    @Override
    public void close() {
        client.close();
        unkept.close();
    }
}
