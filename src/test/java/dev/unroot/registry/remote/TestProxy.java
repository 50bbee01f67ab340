package dev.unroot.registry.remote;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A forward proxy in this process, for which every name is this machine, and that writes down what it is asked. */
final class TestProxy implements AutoCloseable {
    private final HttpServer server;
    private final NetClient tunnels;
    private final HttpClient requests;
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile @Nullable String wanted;

    TestProxy(Vertx vertx) {
        tunnels = vertx.createNetClient();
        requests = vertx.createHttpClient();
        server = TestRegistry.await(vertx.createHttpServer(new HttpServerOptions())
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    /** From now on it wants this user and password, {@code Basic …}. */
    void require(String authorization) {
        wanted = authorization;
    }

    /** As {@code CONNECT ghcr.io:443}, {@code GET http://registry.example/v2/}. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    private void handle(HttpServerRequest request) {
        seen.add(request.method() + " " + request.uri());
        String authorization = wanted;
        if (authorization != null && !authorization.equals(request.getHeader("Proxy-Authorization"))) {
            request.response().setStatusCode(407).end();
        } else if (HttpMethod.CONNECT.equals(request.method())) {
            tunnel(request);
        } else {
            forward(request);
        }
    }

    private void tunnel(HttpServerRequest request) {
        int port = Integer.parseInt(request.uri().substring(request.uri().lastIndexOf(':') + 1));
        request.pause();
        tunnels.connect(port, "127.0.0.1")
                .onSuccess(there -> request.toNetSocket().onSuccess(here -> join(here, there)))
                .onFailure(failure -> request.response().setStatusCode(502).end());
    }

    private static void join(NetSocket here, NetSocket there) {
        here.handler(there::write).closeHandler(closed -> there.close());
        there.handler(here::write).closeHandler(closed -> here.close());
    }

    private void forward(HttpServerRequest request) {
        URI address = URI.create(request.uri());
        requests.request(new RequestOptions()
                        .setMethod(request.method())
                        .setHost("127.0.0.1")
                        .setPort(address.getPort() < 0 ? 80 : address.getPort())
                        .setURI(
                                address.getRawQuery() == null
                                        ? address.getRawPath()
                                        : address.getRawPath() + "?" + address.getRawQuery())
                        .putHeader("Host", request.getHeader("Host")))
                .compose(onward -> onward.send())
                .compose(answer -> answer.body().onSuccess(body -> {
                    request.response().setStatusCode(answer.statusCode());
                    answer.headers()
                            .forEach(header -> request.response().putHeader(header.getKey(), header.getValue()));
                    request.response().end(body);
                }))
                .onFailure(failure -> request.response().setStatusCode(502).end());
    }

    @Override
    public void close() {
        TestRegistry.await(server.close());
        TestRegistry.await(tunnels.close());
        TestRegistry.await(requests.close());
    }
}
