package dev.unroot.webhook;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Plain HTTP for kubelet and Prometheus: {@code /healthz}, {@code /readyz}, {@code /metrics}. */
final class ManagementServer {
    private static final int IDLE_SECONDS = 60;
    /** Kubelet and Prometheus need one each, a person's port-forward another. */
    private static final int MOST_CONNECTIONS = 64;

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Vertx vertx;
    private final Metrics metrics;
    private final Readiness readiness;
    private final EventLoopHeartbeats heartbeats;
    private final HttpServer server;
    private final Connections connections =
            new Connections(MOST_CONNECTIONS, MOST_CONNECTIONS / 2, new AtomicInteger(), () -> {});

    ManagementServer(
            Vertx vertx, Metrics metrics, Readiness readiness, EventLoopHeartbeats heartbeats, Duration headerArrival) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.readiness = readiness;
        this.heartbeats = heartbeats;
        this.server = vertx.createHttpServer(
                        new HttpServerOptions().setHttp2ClearTextEnabled(false).setIdleTimeout(IDLE_SECONDS))
                .connectionHandler(opened -> RequestDecoder.install(opened, headerArrival))
                .requestHandler(router());
    }

    Future<Void> listen(String host, int port) {
        AcceptingTransport transport = AcceptingTransport.of(vertx);
        transport.count(port, connections);
        return server.listen(port, host).map(listening -> {
            transport.count(port(), connections);
            return null;
        });
    }

    int port() {
        return server.actualPort();
    }

    Future<Void> shutdown(Duration grace) {
        return server.shutdown(grace);
    }

    private Router router() {
        Router router = Router.router(vertx);
        get(router, "/healthz", this::healthy);
        get(router, "/readyz", this::ready);
        get(router, "/metrics", this::scrape);
        router.errorHandler(
                404, routing -> answer(routing, 404, TEXT, "Nothing is here: try /healthz, /readyz or /metrics.\n"));
        return router;
    }

    private static void get(Router router, String path, Handler<RoutingContext> handler) {
        router.route(path).handler(routing -> {
            HttpMethod method = routing.request().method();
            if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
                handler.handle(routing);
            } else {
                routing.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
                answer(routing, 405, TEXT, path + " takes GET.\n");
            }
        });
    }

    /** Where this loop itself is stuck, there is no answer, which says the same. */
    private void healthy(RoutingContext routing) {
        String problem = heartbeats.problem();
        answer(routing, problem == null ? 200 : 503, TEXT, problem == null ? "ok\n" : problem + "\n");
    }

    private void ready(RoutingContext routing) {
        List<String> missing = readiness.missing();
        if (missing.isEmpty()) {
            answer(routing, 200, TEXT, "ready\n");
        } else {
            answer(routing, 503, TEXT, "not ready\n" + String.join("\n", missing) + "\n");
        }
    }

    /** Off the event loop, which may be one that API servers wait for. */
    private void scrape(RoutingContext routing) {
        vertx.executeBlocking(metrics::scrape, false)
                .onSuccess(text -> answer(routing, 200, PROMETHEUS, text))
                .onFailure(routing::fail);
    }

    private static void answer(RoutingContext routing, int code, String type, String text) {
        if (code >= 400 && code < 500) {
            routing.response().putHeader(HttpHeaders.CONNECTION, "close");
        }
        routing.response()
                .setStatusCode(code)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .end(text);
    }
}
