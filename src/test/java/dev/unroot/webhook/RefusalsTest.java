package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no admission review is turned away with a status and a sentence, over real HTTPS. */
class RefusalsTest {
    private static final int LARGEST = 8 << 20;
    private static TestWebhook webhook;

    @BeforeAll
    static void start() throws Exception {
        webhook = TestWebhook.start();
    }

    @AfterAll
    static void stop() {
        webhook.close();
    }

    private static void assertRefused(HttpResponse<String> answer, int code, String sentence) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(answer.body()).contains(sentence).endsWith(".\n");
    }

    private static byte[] reviewOf(int bytes) {
        String review = Reviews.pod(Reviews.FINE_CONTAINER).toString();
        return (review + " ".repeat(bytes - review.length())).getBytes(StandardCharsets.US_ASCII);
    }

    static Stream<Arguments> malformed() {
        return AdmissionReviewReaderTest.malformed();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatCannotBeReadIs400(Object body, String sentence) throws Exception {
        assertRefused(webhook.post(body.toString()), 400, sentence);
    }

    @Test
    void aLargeBodyThatCannotBeReadIs400() throws Exception {
        assertRefused(webhook.post("{" + " ".repeat(1 << 20) + "]"), 400, "The body is not JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "-1s", "abc", ""})
    void aTimeoutThatIsNoneIs400(String timeout) throws Exception {
        HttpRequest request = webhook.request("/validate?timeout=" + timeout)
                .POST(HttpRequest.BodyPublishers.ofByteArray(reviewOf(2000)))
                .build();
        assertRefused(webhook.send(request), 400, "timeout=10s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/validate", "/validate?timeout=1m", "/validate?timeout=500ms", "/validate?timeout=5s&x=y"})
    void otherTimeoutsAreFine(String path) throws Exception {
        HttpRequest request = webhook.request(path)
                .POST(HttpRequest.BodyPublishers.ofByteArray(reviewOf(2000)))
                .build();
        assertThat(webhook.send(request).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void otherMethodsAre405(String method) throws Exception {
        HttpRequest request = webhook.request("/validate")
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = webhook.send(request);
        assertRefused(answer, 405, "/validate takes POST, not " + method);
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/mutate", "/validate/more", "/metrics"})
    void otherPathsAre404(String path) throws Exception {
        HttpRequest request = webhook.request(path)
                .POST(HttpRequest.BodyPublishers.ofByteArray(reviewOf(2000)))
                .build();
        assertRefused(webhook.send(request), 404, "/validate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/yaml", "application/vnd.kubernetes.protobuf", "text/json", "application/jsonp"})
    void otherContentTypesAre415(String type) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(webhook.uri("/validate"))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(reviewOf(2000)))
                .build();
        assertRefused(webhook.send(request), 415, "Content-Type: application/json");
    }

    @Test
    void noContentTypeIs415() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(webhook.uri("/validate"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(reviewOf(2000)))
                .build();
        assertRefused(webhook.send(request), 415, "Content-Type: application/json");
    }

    @Test
    void theLargestBodyIsTaken() throws Exception {
        assertThat(post(HttpRequest.BodyPublishers.ofByteArray(reviewOf(LARGEST)))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aLargerBodyIs413() throws Exception {
        assertRefused(
                post(HttpRequest.BodyPublishers.ofByteArray(reviewOf(LARGEST + 1))), 413, "larger than 8388608 bytes");
    }

    @Test
    void aLargerBodyInChunksIs413() throws Exception {
        HttpRequest.BodyPublisher chunks =
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(reviewOf(LARGEST + 1)));
        assertRefused(post(chunks), 413, "larger than 8388608 bytes");
    }

    @Test
    void aBodyInChunksIsTaken() throws Exception {
        HttpRequest.BodyPublisher chunks =
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(reviewOf(100_000)));
        assertThat(post(chunks).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> post(HttpRequest.BodyPublisher body) throws Exception {
        return webhook.send(webhook.request("/validate?timeout=30s").POST(body).build());
    }

    /** By its head alone: no byte of it is sent. */
    @Test
    void aLengthThatIsTooMuchIs413AtOnce() throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("Content-Length: " + (LARGEST + 1), "30s").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(readAll(socket)).startsWith("HTTP/1.1 413 ").contains("connection: close");
        }
    }

    @Test
    void anEndlessBodyIsCutOff() throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("Content-Length: 99999999999").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(readAll(socket)).startsWith("HTTP/1.1 413 ").contains("connection: close");
        }
    }

    @Test
    void aClientThatAsksFirstIsToldWhetherToGoOn() throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("Content-Length: 9000000\r\nExpect: 100-continue").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(readAll(socket)).startsWith("HTTP/1.1 413 ");
        }
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("Content-Length: 2000\r\nExpect: 100-continue\r\nConnection: close")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 100 Continue");
            out.write(reviewOf(2000));
            out.flush();
            assertThat(answer.lines()).contains("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aBodyThatDripsIs408WithinTheTimeout() throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            long started = System.nanoTime();
            out.write(head("Content-Length: 2000", "1s").getBytes(StandardCharsets.US_ASCII));
            out.write("{\"kind\":".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(readAll(socket))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("connection: close")
                    .endsWith("The body did not arrive within 900 ms.\n");
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isBetween(Duration.ofMillis(850), Duration.ofSeconds(20));
        }
    }

    @Test
    void aBodyInTwoPiecesIsTaken() throws Exception {
        byte[] body = reviewOf(2000);
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("Content-Length: 2000\r\nConnection: close").getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, 700);
            out.flush();
            Thread.sleep(300);
            out.write(body, 700, 1300);
            out.flush();
            assertThat(readAll(socket)).startsWith("HTTP/1.1 200 ").contains("\"allowed\":true");
        }
    }

    /** Two good ones, one after the other; and nobody who sends a bad one gets a second try by the same connection. */
    @Test
    void aConnectionIsKeptUntilARefusal() throws Exception {
        String review = new String(reviewOf(2000), StandardCharsets.US_ASCII);
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            for (String body : List.of(review, review, "[]")) {
                out.write((head("Content-Length: " + body.length()) + body).getBytes(StandardCharsets.US_ASCII));
                out.flush();
                Answer answer = Answer.read(socket.getInputStream());
                assertThat(answer.head()).startsWith(body.equals("[]") ? "HTTP/1.1 400 " : "HTTP/1.1 200 ");
                assertThat(answer.head().contains("connection: close")).isEqualTo(body.equals("[]"));
            }
            assertThat(socket.getInputStream().read()).isNegative();
        }
    }

    /** A few bytes that cost a hundred times as much once they are read: a body of megabytes would fill the heap. */
    @ParameterizedTest
    @ValueSource(strings = {"containers", "initContainers", "ephemeralContainers", "imagePullSecrets"})
    void aListThatNoNodeRunsIs400(String list) throws Exception {
        String entries = "{},".repeat(1001).replaceFirst(",$", "");
        String object = Reviews.podObject(Reviews.FINE_CONTAINER)
                .replace("\"spec\":{", "\"spec\":{\"" + list + "\":[" + entries + "],");
        assertRefused(
                webhook.post(Reviews.pod("").with("object", object).toString()),
                400,
                "spec." + list + " has more than 1000 entries");
    }

    @Test
    void moreCapabilitiesThanThereAreIs400() throws Exception {
        String many = "\"x\",".repeat(101).replaceFirst(",$", "");
        assertRefused(
                webhook.post(Reviews.pod("{\"name\":\"a\",\"image\":\"fine\",\"securityContext\":"
                                + "{\"capabilities\":{\"add\":[" + many + "]}}}")
                        .toString()),
                400,
                "spec.containers[0].securityContext.capabilities.add has more than 100 entries");
    }

    @Test
    void nothingOlderThanTls12IsSpoken() throws Exception {
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            try (SSLSocket socket = connect()) {
                socket.setEnabledProtocols(new String[] {protocol});
                socket.startHandshake();
                assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            }
        }
        try (Socket plain = new Socket("localhost", webhook.server.port())) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream().write(head("Content-Length: 0").getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP/1.1");
        }
    }

    private static String head(String headers) {
        return head(headers, "10s");
    }

    private static String head(String headers, String timeout) {
        return "POST /validate?timeout=" + timeout
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers + "\r\n\r\n";
    }

    private static SSLSocket connect() throws Exception {
        SSLSocket socket = (SSLSocket) TestWebhook.trusting(webhook.certificate.caPem())
                .getSocketFactory()
                .createSocket("localhost", webhook.server.port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static String readAll(Socket socket) throws Exception {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
}
