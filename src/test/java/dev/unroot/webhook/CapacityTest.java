package dev.unroot.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.Eventually;
import dev.unroot.common.HeapShares;
import dev.unroot.review.Namespaces;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who only take up room are kept from: the places of those who ask. */
@Timeout(300)
class CapacityTest {
    private static final String REVIEW = Reviews.pod(Reviews.FINE_CONTAINER).toString();
    private static final String HALF = "POST /validate?timeout=30s HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";

    private static UnaryOperator<WebhookOptions> with(Duration bodyArrival, int connections, int ofOne) {
        return options -> TestWebhook.with(
                options, new Capacity(8 << 20, Duration.ofSeconds(60), bodyArrival, 1, 32 << 20, connections, ofOne));
    }

    private static Socket connect(TestWebhook webhook) throws Exception {
        Socket socket = TestWebhook.trusting(webhook.certificate.caPem())
                .getSocketFactory()
                .createSocket("localhost", webhook.server.port());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        socket.getOutputStream().flush();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(20);
        }
    }

    /** Of memory, and of open files, which are not for connections alone; and there are always some. */
    @ParameterizedTest
    @CsvSource({
        // MiB of heap, of direct memory, files; connections
        "4096, 4096, 1000000, 8000",
        "256, 64, 1000000, 819",
        "512, 32, 1000000, 1024",
        "4096, 4096, 4096, 3687",
        "4096, 4096, 1000, 800",
        "4096, 4096, 256, 56",
        "4096, 4096, 100, 16",
    })
    void thereAreAsManyConnectionsAsThereIsRoomFor(long heap, long direct, long files, int connections) {
        Capacity capacity = Capacity.of(HeapShares.of(heap << 20), direct << 20, files);
        assertThat(capacity.connections()).isEqualTo(connections);
        assertThat(capacity.connectionsOfOne()).isEqualTo(connections / 2);
        assertThat(capacity.bufferedBytes()).isEqualTo((heap << 20) / 5);
    }

    /** One address leaves room for the next one, whatever it does. */
    @Test
    void nobodyHoldsMoreThanHalfOfWhatIsLeftToOthers() {
        InFlight inFlight = new InFlight(
                new AtomicInteger(),
                new Capacity(8 << 20, Duration.ofSeconds(1), Duration.ofSeconds(1), 300, 300, 10, 10));
        ClientAddress greedy = new ClientAddress("greedy");
        ClientAddress another = new ClientAddress("another");

        assertThat(taken(() -> inFlight.hold(greedy, 1))).isEqualTo(100);
        assertThat(taken(() -> inFlight.hold(another, 1))).isEqualTo(66);
        assertThat(inFlight.hold(new ClientAddress("newcomer"), 134)).isTrue();
        assertThat(inFlight.hold(new ClientAddress("late"), 1)).isFalse();
        assertThat(taken(() -> inFlight.enter(greedy))).isEqualTo(100);
        assertThat(taken(() -> inFlight.enter(another))).isEqualTo(66);

        inFlight.release(greedy, 100);
        assertThat(inFlight.hold(greedy, 50)).isTrue();
    }

    /** Before any of it has come: those who were let in can be received to their end. */
    @Test
    void roomForABodyIsTakenWhenItIsAnnounced() throws Exception {
        String large = REVIEW + " ".repeat(120_000);
        try (TestWebhook webhook =
                TestWebhook.start(TestWebhook.NAMESPACES, options -> TestWebhook.withMost(options, 10, 1_000_000))) {
            try (Socket announced = connect(webhook)) {
                write(
                        announced,
                        "POST /validate?timeout=30s HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                                + "Content-Type: application/json\r\nContent-Length: 900000\r\n\r\n");
                byte[] goOn = announced.getInputStream().readNBytes(21);
                assertThat(new String(goOn, US_ASCII)).isEqualTo("HTTP/1.1 100 Continue");
                assertThat(webhook.post(large).statusCode()).isEqualTo(503);
            }
            Eventually.passes(
                    "room again",
                    () -> assertThat(webhook.post(large).statusCode()).isEqualTo(200));
        }
    }

    private static int taken(BooleanSupplier once) {
        int times = 0;
        while (once.getAsBoolean()) {
            times++;
        }
        return times;
    }

    @Test
    void requestsThatNeverCompleteTakeNoPlaces() throws Exception {
        try (TestWebhook webhook =
                TestWebhook.start(TestWebhook.NAMESPACES, with(Duration.ofSeconds(60), 1000, 1000))) {
            List<Socket> halves = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Socket half = connect(webhook);
                halves.add(half);
                write(half, HALF);
            }
            await(() -> webhook.metrics.connections().get() >= 5);

            HttpResponse<String> answer = webhook.post(REVIEW);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            for (Socket half : halves) {
                half.close();
            }
        }
    }

    @Test
    void aBodyHasItsOwnTimeToArrive() throws Exception {
        try (TestWebhook webhook = TestWebhook.start(TestWebhook.NAMESPACES, with(Duration.ofMillis(300), 1000, 1000));
                Socket half = connect(webhook)) {
            write(half, HALF);

            assertThat(new String(half.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("The body did not arrive within 300 ms.");
        }
    }

    @Test
    void oneAddressHasSoManyConnectionsAndNoMore() throws Exception {
        limited(with(Duration.ofSeconds(60), 1000, 2));
    }

    @Test
    void allTogetherHaveSoManyConnectionsAndNoMore() throws Exception {
        limited(with(Duration.ofSeconds(60), 2, 1000));
    }

    /** Two: the one that has been idle for longer makes room. */
    private static void limited(UnaryOperator<WebhookOptions> options) throws Exception {
        try (TestWebhook webhook = TestWebhook.start(TestWebhook.NAMESPACES, options)) {
            Socket first = connect(webhook);
            ask(first);
            Socket second = connect(webhook);
            ask(second);
            assertThat(webhook.metrics.connections()).hasValue(2);

            try (Socket third = connect(webhook)) {
                ask(third);
                assertThat(first.getInputStream().read()).isNegative();
                ask(second);
                ask(third);
            }
            assertThat(webhook.metrics.scrape().lines()).contains("unroot_admission_connections_refused_total 1.0");
            await(() -> webhook.metrics.connections().get() == 1);
            second.close();
            await(() -> webhook.metrics.connections().get() == 0);
        }
    }

    private static void ask(Socket socket) throws IOException {
        write(
                socket,
                "POST /validate?timeout=30s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + REVIEW.length() + "\r\n\r\n" + REVIEW);
        assertThat(Answer.read(socket.getInputStream()).head()).startsWith("HTTP/1.1 200 ");
    }

    /** Nobody who is being answered is sent away for a newcomer. */
    @Test
    void whoWaitsForAnAnswerIsKept() throws Exception {
        CompletableFuture<Map<String, String>> labels = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(2);
        Namespaces slow = (namespace, deadline) -> {
            asked.countDown();
            return labels.copy();
        };
        UnaryOperator<WebhookOptions> two = options -> TestWebhook.with(
                options, new Capacity(8 << 20, Duration.ofSeconds(60), Duration.ofSeconds(60), 10, 32 << 20, 2, 2));
        try (TestWebhook webhook = TestWebhook.start(slow, two)) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                answers.add(webhook.client().sendAsync(webhook.review(REVIEW), HttpResponse.BodyHandlers.ofString()));
            }
            asked.await();

            assertThatThrownBy(() -> {
                        try (Socket third = connect(webhook)) {
                            ask(third);
                        }
                    })
                    .isInstanceOf(IOException.class);
            labels.complete(Map.of());

            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.join().statusCode()).isEqualTo(200);
            }
        }
    }

    /** Before their handshake, within it, within a header, or within a body: with and without them a newcomer is answered. */
    @ParameterizedTest
    @ValueSource(strings = {"", "connect", "hello", "header", "body"})
    void whoHasNotAskedYetMakesRoom(String where) throws Exception {
        try (TestWebhook webhook = TestWebhook.start(TestWebhook.NAMESPACES, with(Duration.ofMinutes(5), 10, 1000))) {
            List<Socket> slow = new ArrayList<>();
            for (int i = 0; !where.isEmpty() && i < 40; i++) {
                slow.add(slow(webhook, where));
            }
            if (!where.isEmpty()) {
                await(() -> webhook.metrics.scrape().contains("unroot_admission_connections_refused_total 30.0"));
            }
            // Those that are there may not have had their first turn on an event loop, before which none is sent away.
            Eventually.passes("an answer for a newcomer", () -> answersNewcomer(webhook));
            for (int i = 0; i < 3; i++) {
                answersNewcomer(webhook);
            }
            assertThat(webhook.metrics.connections().get()).isLessThanOrEqualTo(10);
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static void answersNewcomer(TestWebhook webhook) throws Exception {
        try (Socket newcomer = connect(webhook)) {
            ask(newcomer);
        }
    }

    private static Socket slow(TestWebhook webhook, String where) throws Exception {
        if (where.equals("connect") || where.equals("hello")) {
            Socket socket = new Socket("localhost", webhook.server.port());
            if (where.equals("hello")) {
                // The first bytes of a TLS record of 512.
                socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            }
            return socket;
        }
        Socket socket = connect(webhook);
        write(socket, where.equals("header") ? HALF.substring(0, 30) : HALF);
        return socket;
    }

    /** From its first byte on, with the first request and with a later one, on either port. */
    @Test
    void aHeaderHasItsOwnTimeToArrive() throws Exception {
        UnaryOperator<WebhookOptions> soon = options -> TestWebhook.with(
                options, new Capacity(8 << 20, Duration.ofMillis(300), Duration.ofMinutes(5), 10, 32 << 20, 100, 100));
        try (TestWebhook webhook = TestWebhook.start(TestWebhook.NAMESPACES, soon)) {
            try (Socket socket = connect(webhook)) {
                write(socket, HALF.substring(0, 30));
                assertThat(socket.getInputStream().read()).isNegative();
            }
            try (Socket socket = connect(webhook)) {
                ask(socket);
                ask(socket);
                write(socket, "P");
                assertThat(socket.getInputStream().read()).isNegative();
            }
            try (Socket socket = new Socket("localhost", webhook.server.managementPort())) {
                write(socket, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(Answer.read(socket.getInputStream()).body()).isEqualTo("ok\n");
                write(socket, "GET /healthz HTTP/1.1\r\nHost: x");
                assertThat(socket.getInputStream().read()).isNegative();
            }
        }
    }
}
