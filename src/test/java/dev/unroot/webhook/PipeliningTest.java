package dev.unroot.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.review.Namespaces;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever sends requests ahead of their answers waits for its turn, and keeps nobody else from theirs. */
@Timeout(300)
class PipeliningTest {
    private static final int CONNECTIONS = 20;

    private static Socket connect(TestWebhook webhook) throws Exception {
        Socket socket = TestWebhook.trusting(webhook.certificate.caPem())
                .getSocketFactory()
                .createSocket("localhost", webhook.server.port());
        socket.setSoTimeout(120_000);
        return socket;
    }

    private static byte[] review(String namespace) {
        String body = Reviews.pod(Reviews.FINE_CONTAINER)
                .with("namespace", '"' + namespace + '"')
                .toString();
        return ("POST /validate?timeout=30s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(US_ASCII);
    }

    private static void send(Socket socket, byte[] request, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            socket.getOutputStream().write(request);
        }
        socket.getOutputStream().flush();
    }

    private static UnaryOperator<WebhookOptions> oneEventLoop() {
        return options -> new WebhookOptions(
                options.host(),
                options.port(),
                options.managementHost(),
                options.managementPort(),
                1,
                options.capacity(),
                options.idleTimeout(),
                options.stuckAfter(),
                null);
    }

    /**
     * Twenty connections, with one request each or with many; one more asks when all of those have arrived. With many, it is
     * answered no later than with one.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 30})
    void anotherConnectionIsAnsweredInItsTurn(int times) throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch everythingIsThere = new CountDownLatch(1);
        Namespaces namespaces = (namespace, deadline) -> {
            order.add(namespace);
            if (namespace.equals("first")) {
                begun.countDown();
                // The event loop itself is held up here, so that all else is there when it goes on.
                join(everythingIsThere);
            }
            return CompletableFuture.completedFuture(Map.of());
        };
        try (TestWebhook webhook = TestWebhook.start(namespaces, oneEventLoop())) {
            List<Socket> ahead = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket socket = connect(webhook);
                send(socket, review("warm"), 1);
                assertThat(Answer.read(socket.getInputStream()).head()).startsWith("HTTP/1.1 200 ");
                ahead.add(socket);
            }
            Socket other = connect(webhook);
            send(other, review("warm"), 1);
            Answer.read(other.getInputStream());

            send(ahead.get(0), review("first"), 1);
            begun.await();
            for (Socket socket : ahead) {
                send(socket, review("ahead"), times);
            }
            send(other, review("other"), 1);
            everythingIsThere.countDown();
            assertThat(Answer.read(other.getInputStream()).head()).startsWith("HTTP/1.1 200 ");

            List<String> all = List.copyOf(order);
            List<String> since = all.subList(all.indexOf("first"), all.size());
            assertThat(since.subList(0, since.indexOf("other")))
                    .filteredOn("ahead"::equals)
                    .hasSizeLessThanOrEqualTo(2 * CONNECTIONS);
            // And all of the others are answered, too, in their order.
            Answer.read(ahead.get(0).getInputStream());
            for (Socket socket : ahead) {
                for (int i = 0; i < times; i++) {
                    assertThat(Answer.read(socket.getInputStream()).head()).startsWith("HTTP/1.1 200 ");
                }
                socket.close();
            }
            other.close();
        }
    }

    /** All of them are there when another one asks: one is answered, and then it is the other's turn. */
    @Test
    void whoHasSentAheadGoesOnAfterTheOthers() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch everythingIsThere = new CountDownLatch(1);
        Namespaces namespaces = (namespace, deadline) -> {
            order.add(namespace);
            if (namespace.equals("first")) {
                begun.countDown();
                join(everythingIsThere);
            }
            return CompletableFuture.completedFuture(Map.of());
        };
        try (TestWebhook webhook = TestWebhook.start(namespaces, oneEventLoop());
                Socket ahead = connect(webhook);
                Socket other = connect(webhook)) {
            send(other, review("warm"), 1);
            Answer.read(other.getInputStream());
            ByteArrayOutputStream requests = new ByteArrayOutputStream();
            requests.writeBytes(review("first"));
            for (int i = 0; i < 30; i++) {
                requests.writeBytes(review("ahead"));
            }
            send(ahead, requests.toByteArray(), 1);
            begun.await();
            send(other, review("other"), 1);
            everythingIsThere.countDown();
            assertThat(Answer.read(other.getInputStream()).head()).startsWith("HTTP/1.1 200 ");
            List<String> all = List.copyOf(order);
            assertThat(all.subList(all.indexOf("first"), all.indexOf("other"))).hasSizeLessThanOrEqualTo(5);
            for (int i = 0; i < 31; i++) {
                assertThat(Answer.read(ahead.getInputStream()).head()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A hundred of them cost as much as one, and a handshake. */
    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "GET /validate HTTP/1.1", "POST /validate HTTP/1.1", "PUT /x HTTP/1.0"})
    void whatIsRefusedIsTheLastOfItsConnection(String line) throws Exception {
        byte[] requests = (line + "\r\nHost: x\r\n\r\n").repeat(100).getBytes(US_ASCII);
        try (TestWebhook webhook = TestWebhook.start();
                Socket socket = connect(webhook)) {
            send(socket, requests, 1);
            String answers = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertThat(answers.split("HTTP/1\\.", -1)).as(answers).hasSize(2);
        }
    }

    /** No second request of a connection is looked at while one is in work, and no more of them are read than one read takes. */
    @Test
    void theNextRequestIsNotReadBeforeTheAnswer() throws Exception {
        CompletableFuture<Map<String, String>> labels = new CompletableFuture<>();
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        Namespaces namespaces = (namespace, deadline) -> {
            order.add(namespace);
            begun.countDown();
            return namespace.equals("slow") ? labels.copy() : CompletableFuture.completedFuture(Map.of());
        };
        try (TestWebhook webhook = TestWebhook.start(namespaces, oneEventLoop());
                Socket ahead = connect(webhook);
                Socket other = connect(webhook)) {
            send(ahead, review("slow"), 1);
            send(ahead, review("next"), 20);
            begun.await();
            send(other, review("other"), 1);
            assertThat(Answer.read(other.getInputStream()).head()).startsWith("HTTP/1.1 200 ");
            assertThat(order).containsExactly("slow", "other");

            labels.complete(Map.of());
            for (int i = 0; i < 21; i++) {
                assertThat(Answer.read(ahead.getInputStream()).head()).startsWith("HTTP/1.1 200 ");
            }
        }
    }
}
