package dev.unroot.registry.http;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Remedies;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.Outages;
import dev.unroot.registry.place.ProxyServer;
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

    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

    private final Context loop;
    private final HttpClient client;
    /** For what must not meet a connection that its other end has just closed: one of its own for each request. */
    private final HttpClient unkept;

    private final TargetResolver directions;
    private final RegistryHosts hosts;
    private final Trust trust;
    private final TrustZone reach;
    private final RequestListener listener;
    private final Outages outages;
    /** Only hosts of this machine get in here, so they are few. */
    private final Set<Origin> speakPlain = ConcurrentHashMap.newKeySet();

    public HttpSender(
            Vertx vertx,
            TargetResolver directions,
            RegistryHosts hosts,
            Trust trust,
            Outages outages,
            TrustZone reach,
            int connections,
            RequestListener listener) {
        this.loop = vertx.getOrCreateContext();
        if (!loop.isEventLoopContext()) {
            throw new IllegalStateException("not to be made by a worker of Vert.x");
        }
        this.client = client(vertx, connections, true);
        this.unkept = client(vertx, connections, false);
        this.directions = directions;
        this.hosts = hosts;
        this.trust = trust;
        this.reach = reach;
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
    Response send(Request call, RequestContext errand) {
        try (Outages.Attempt attempt = outages.begin(call.origin().toString(), errand)) {
            try {
                Response reply = sendAnyhow(call, errand);
                attempt.reached();
                return reply;
            } catch (TransportException e) {
                note(attempt, e);
                listener.requested(e.unknownCause().label());
                throw told(e, call.origin(), errand);
            }
        }
    }

    private LookupException told(TransportException failure, Origin origin, RequestContext errand) {
        LookupException told = failure.toFailure(errand, hosts.of(origin).tls().clientCertificate() != null);
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

    private Response sendAnyhow(Request call, RequestContext errand) throws TransportException {
        boolean plain = speakPlain.contains(call.origin());
        try {
            return sendToAny(plain ? call.inPlain() : call, call.origin(), errand);
        } catch (TransportException e) {
            if (!plain && e.mayBePlain() && mayBePlain(call)) {
                return sendPlain(call, e, errand);
            }
            throw e;
        }
    }

    /** As Docker treats a registry on one's own machine: https first, and where that is not spoken, http. */
    private boolean mayBePlain(Request call) {
        return reach == TrustZone.SELF
                && call.origin().secure()
                && call.authorization() == null
                && call.form() == null
                && Redirects.isThisMachine(call.origin().host());
    }

    private Response sendPlain(Request call, TransportException secureFailure, RequestContext errand)
            throws TransportException {
        try {
            Response reply = sendToAny(call.inPlain(), call.origin(), errand);
            speakPlain.add(call.origin());
            return reply;
        } catch (TransportException e) {
            throw secureFailure;
        }
    }

    private Response sendToAny(Request call, Origin asked, RequestContext errand) throws TransportException {
        List<Target> dials = directions.to(call.origin(), errand);
        int tries = Math.min(MOST_ADDRESSES, dials.size());
        for (int i = 0; ; i++) {
            try {
                return sendTo(dials.get(i), tries - i, call, asked, errand);
            } catch (TransportException e) {
                boolean elsewhere = !e.wasConnected() && i + 1 < tries;
                if (errand.deadline().isOver() || !elsewhere) {
                    throw e;
                }
            }
        }
    }

    /**
     * A kept connection may have been closed by its other end at the moment it was used: where no answer had begun, what may
     * be asked twice is asked once more, on a connection of its own. As Go's net/http does for idempotent requests. A form is
     * none: it goes by such a connection at once.
     */
    private Response sendTo(Target dial, int addressesLeft, Request call, Origin asked, RequestContext errand)
            throws TransportException {
        if (call.form() != null) {
            return sendOnce(unkept, dial, addressesLeft, call, asked, errand);
        }
        try {
            return sendOnce(client, dial, addressesLeft, call, asked, errand);
        } catch (TransportException e) {
            if (!e.wasClosedUnanswered() || errand.deadline().isOver()) {
                throw e;
            }
            listener.repeated();
            return sendOnce(unkept, dial, addressesLeft, call, asked, errand);
        }
    }

    private Response sendOnce(
            HttpClient by, Target dial, int addressesLeft, Request call, Origin asked, RequestContext errand)
            throws TransportException {
        long millis = errand.remainingMillis();
        RequestOptions options =
                dial.set(options(call), call.origin()).setConnectTimeout(connectMillis(millis, addressesLeft));
        Response reply = send(by, dial.proxy(), new Exchange(loop, errand, call.form()), options, asked, millis);
        listener.requested(Integer.toString(reply.status()));
        return reply;
    }

    /** A little less than there is: a connection that was not made is told from an answer that did not come. */
    private static long connectMillis(long millis, int addressesLeft) {
        return Math.max(1, (millis - Math.min(MOST_MILLIS_LEFT, millis / 10)) / addressesLeft);
    }

    private Response send(
            HttpClient by,
            @Nullable ProxyServer proxy,
            Exchange pending,
            RequestOptions options,
            Origin asked,
            long millis)
            throws TransportException {
        if (proxy == null) {
            return pending.send(by, options, asked, millis);
        }
        try {
            Response reply = pending.send(by, options, asked, millis);
            if (reply.status() == PROXY_AUTHENTICATION_REQUIRED) {
                reply.close();
                throw TransportException.ofProxy(proxy, PROXY_AUTHENTICATION_REQUIRED);
            }
            return reply;
        } catch (TransportException e) {
            throw e.through(proxy);
        }
    }

    private RequestOptions options(Request call) {
        RequestOptions options = new RequestOptions()
                .setMethod(call.method())
                .setHost(call.origin().hostInAddress())
                .setPort(call.origin().port())
                .setSsl(call.origin().secure())
                .setURI(call.target())
                .setFollowRedirects(false)
                .putHeader("User-Agent", "unroot");
        if (call.origin().secure()) {
            options.setSslOptions(trust.of(hosts.of(call.origin())));
        }
        if (!call.accept().isEmpty()) {
            options.putHeader("Accept", call.accept());
        }
        if (call.authorization() != null) {
            options.putHeader("Authorization", call.authorization());
        }
        if (call.form() != null) {
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
