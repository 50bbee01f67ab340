package dev.unroot.webhook;

import dev.unroot.certificate.CertifiedKey;
import dev.unroot.certificate.ClientCheck;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** HTTPS for API servers: one port, shared by an event loop per core. HTTP/1.1, which is what they speak to services. */
final class AdmissionServer {
    private static final int WAITING_CONNECTIONS = 1024;
    /** As long as an API server may wait at all: a burst's handshakes queue for the processor. */
    private static final int HANDSHAKE_SECONDS = 30;

    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    /** Servers of one Vertx that ask for the same negative port share a free one. */
    private static final AtomicInteger FREE_PORTS = new AtomicInteger();

    private final AdmissionContext tools;
    private final Connections connections;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    AdmissionServer(AdmissionContext tools) {
        this.tools = tools;
        Capacity capacity = tools.options().capacity();
        Metrics metrics = tools.metrics();
        this.connections = new Connections(
                capacity.connections(), capacity.connectionsOfOne(), metrics.connections(), metrics::connectionRefused);
    }

    /** Completes once every event loop accepts connections. */
    Future<Void> listen(CertifiedKey certificate) {
        WebhookOptions options = tools.options();
        int port = options.port() == 0 ? -FREE_PORTS.incrementAndGet() : options.port();
        HttpServerOptions http = httpOptions(options, certificate);
        ClientCheck clients = options.clients();
        if (clients != null) {
            http.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(trust(clients));
        }
        Router router = router();
        DeploymentOptions deployment = new DeploymentOptions().setInstances(options.eventLoops());
        AcceptingTransport transport = AcceptingTransport.of(tools.vertx());
        transport.count(port, connections);
        return tools.vertx()
                .deployVerticle(() -> new Listener(http, router, port), deployment)
                .map(listening -> {
                    transport.count(port(), connections);
                    return null;
                });
    }

    static HttpServerOptions httpOptions(WebhookOptions options, CertifiedKey certificate) {
        return new HttpServerOptions()
                .setHost(options.host())
                .setSsl(true)
                .setKeyCertOptions(keys(certificate))
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setUseAlpn(false)
                .setAlpnVersions(List.of(HttpVersion.HTTP_1_1))
                .setHttp2ClearTextEnabled(false)
                .setAcceptBacklog(WAITING_CONNECTIONS)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(options.idleTimeout().toMillis()));
    }

    /** In memory: with bytes, unlike with paths, changed certificates make unequal options, which the server then takes. */
    private static KeyCertOptions keys(CertifiedKey certificate) {
        return new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(certificate.chainPem()))
                .addKeyValue(Buffer.buffer(certificate.keyPem()));
    }

    private static PemTrustOptions trust(ClientCheck clients) {
        return new PemTrustOptions()
                .addCertValue(Buffer.buffer(clients.authorities().pem()));
    }

    private Router router() {
        AdmissionHandler admission = new AdmissionHandler(tools, false);
        AdmissionHandler enforced = new AdmissionHandler(tools, true);
        Responses answers = tools.answers();
        Router router = Router.router(tools.vertx());
        router.route("/validate").handler(routing -> admission.handle(routing.request()));
        router.route("/validate/enforced").handler(routing -> enforced.handle(routing.request()));
        router.errorHandler(400, routing -> answers.refuse(routing.request(), 400, "The path cannot be decoded."));
        router.errorHandler(
                404, routing -> answers.refuse(routing.request(), 404, "Nothing is here: reviews go to /validate."));
        router.errorHandler(500, routing -> {
            tools.log().failed(null, "could not be read", routing.failure(), 0);
            answers.refuse(routing.request(), 500, "Unroot could not read the request; its log says more.");
        });
        return router;
    }

    private final class Listener extends VerticleBase {
        private final HttpServerOptions options;
        private final Router router;
        private final int port;

        Listener(HttpServerOptions options, Router router, int port) {
            this.options = options;
            this.router = router;
            this.port = port;
        }

        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(options)
                    .connectionHandler(opened -> RequestDecoder.install(
                            opened, tools.options().capacity().headerArrival()))
                    .invalidRequestHandler(tools.answers()::malformed)
                    .requestHandler(router);
            servers.add(server);
            tools.heartbeats().start(vertx);
            return server.listen(port, options.getHost());
        }
    }

    int port() {
        return servers.get(0).actualPort();
    }

    /**
     * Shows another certificate to those who connect from now on, and asks them for one of these; open connections stay.
     *
     * @param clients null where nobody is asked
     */
    Future<Void> show(CertifiedKey certificate, @Nullable ClientCheck clients) {
        ServerSSLOptions options = new ServerSSLOptions();
        options.setKeyCertOptions(keys(certificate)).setEnabledSecureTransportProtocols(PROTOCOLS);
        if (clients != null) {
            options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(trust(clients));
        }
        // The servers share what the first one set up.
        return servers.get(0).updateSSLOptions(options).mapEmpty();
    }

    /** Accepts no more connections, waits for requests in flight as long as {@code grace}, and closes. */
    Future<Void> shutdown(Duration grace) {
        return Future.join(
                        servers.stream().map(server -> server.shutdown(grace)).toList())
                .mapEmpty();
    }
}
