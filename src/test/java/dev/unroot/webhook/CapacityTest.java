package dev.unroot.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What those who only take up room are kept from: the places of those who ask. */
@Timeout(300)
class CapacityTest {
    private static final String REVIEW = Reviews.pod(Reviews.FINE_CONTAINER).toString();
    private static final String HALF = "POST /validate?timeout=30s HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";

    private static UnaryOperator<WebhookOptions> with(Duration bodyArrival, int connections, int ofOne) {
        return options -> options.with(new Capacity(8 << 20, bodyArrival, 1, 32 << 20, connections, ofOne));
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
        limited(with(Duration.ofSeconds(5), 1000, 2));
    }

    @Test
    void allTogetherHaveSoManyConnectionsAndNoMore() throws Exception {
        limited(with(Duration.ofSeconds(5), 2, 1000));
    }

    /** Two. */
    private static void limited(UnaryOperator<WebhookOptions> options) throws Exception {
        try (TestWebhook webhook = TestWebhook.start(TestWebhook.NAMESPACES, options)) {
            Socket first = connect(webhook);
            write(first, "GET /validate HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Socket second = connect(webhook);
            write(second, "GET /validate HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await(() -> webhook.metrics.connections().get() == 2);

            try (Socket third = connect(webhook)) {
                assertThat(askedOrCut(third)).isEmpty();
            }
            assertThat(webhook.metrics.scrape().lines())
                    .contains("unroot_admission_connections 2.0", "unroot_admission_connections_refused_total 1.0");

            first.close();
            await(() -> webhook.metrics.connections().get() == 1);
            assertThatCode(() -> assertThat(webhook.post(REVIEW).statusCode()).isEqualTo(200))
                    .doesNotThrowAnyException();
            second.close();
        }
    }

    /** A connection that is closed with something unread is reset, and may be before all is written. */
    private static String askedOrCut(Socket socket) {
        try {
            write(socket, "GET /validate HTTP/1.1\r\nHost: localhost\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        } catch (IOException cut) {
            return "";
        }
    }
}
