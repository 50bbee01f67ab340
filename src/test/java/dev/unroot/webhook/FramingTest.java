package dev.unroot.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a request ends is never a question: what two servers could read in two ways is refused, and nothing after it is read. */
@Timeout(300)
class FramingTest {
    private static final String HEAD =
            "POST /validate?timeout=30s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private static final String REVIEW = Reviews.pod(Reviews.FINE_CONTAINER).toString();
    private static final String ANOTHER = HEAD + "Content-Length: " + REVIEW.length() + "\r\n\r\n" + REVIEW;

    private static TestWebhook webhook;

    @BeforeAll
    static void start() throws Exception {
        webhook = TestWebhook.start();
    }

    @AfterAll
    static void stop() {
        webhook.close();
    }

    /** All that comes back before the connection ends. */
    private static String answers(String sent) throws Exception {
        try (Socket socket = TestWebhook.trusting(webhook.certificate.caPem())
                .getSocketFactory()
                .createSocket("localhost", webhook.server.port())) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream().write(sent.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static String header(String written) {
        return HEAD
                + written.replace("\\r", "\r")
                        .replace("\\n", "\n")
                        .replace("\\t", "\t")
                        .replace("\\0", "\0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Encodings that it does not know, spellings of the one that it knows, and more than one.
                "Transfer-Encoding: gzip\\r\\n",
                "Transfer-Encoding: identity\\r\\n",
                "Transfer-Encoding: gzip, chunked\\r\\n",
                "Transfer-Encoding: chunked, gzip\\r\\n",
                "Transfer-Encoding: chunked, chunked\\r\\n",
                "Transfer-Encoding: chunked, identity\\r\\n",
                "Transfer-Encoding: xchunked\\r\\n",
                "Transfer-Encoding: \"chunked\"\\r\\n",
                "Transfer-Encoding: chunked;q=1\\r\\n",
                "Transfer-Encoding:\\r\\n",
                "Transfer-Encoding: gzip\\r\\nTransfer-Encoding: chunked\\r\\n",
                "Transfer-Encoding: chunked\\r\\nTransfer-Encoding: identity\\r\\n",
                "Transfer-Encoding: gzip\\r\\nContent-Length: 5\\r\\n",
                "Transfer-Encoding: \\0chunked\\r\\n",
                "Transfer-Encoding : chunked\\r\\n",
                " Transfer-Encoding: chunked\\r\\n",
                "Transfer-Encoding:\\r\\n gzip\\r\\n",
                "X: y\\r\\n\\tz\\r\\nTransfer-Encoding: x\\r\\n",
                // Both, in either order.
                "Transfer-Encoding: chunked\\r\\nContent-Length: 5\\r\\n",
                "Content-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n",
                // Lengths that are none, or two.
                "Content-Length: 5\\r\\nContent-Length: 6\\r\\n",
                "Content-Length: 5\\r\\nContent-Length: 5\\r\\n",
                "Content-Length: 5, 5\\r\\n",
                "Content-Length: 5, 6\\r\\n",
                "Content-Length: +5\\r\\n",
                "Content-Length: -5\\r\\n",
                "Content-Length: 0x5\\r\\n",
                "Content-Length: 5 5\\r\\n",
                "Content-Length:\\r\\n",
                "Content-Length: 99999999999999999999\\r\\n",
                "Content-Length : 5\\r\\n",
                // Lines that end in half of an end.
                "Content-Length: 5\\nX: y\\r\\n",
                "X: y\\nTransfer-Encoding: chunked\\r\\n",
                "X: y\\rTransfer-Encoding: chunked\\r\\n",
                "X y\\r\\n",
            })
    void aHeadThatLeavesTheEndOpenIsRefused(String headers) throws Exception {
        String answers = answers(header(headers) + "\r\n5\r\nhello\r\n0\r\n\r\n" + ANOTHER);
        assertThat(answers).startsWith("HTTP/1.1 400 ").contains("connection: close");
        assertThat(answers.split("HTTP/1\\.1 ", -1)).as(answers).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x\\r\\nhello\\r\\n0\\r\\n\\r\\n",
                "-5\\r\\nhello\\r\\n0\\r\\n\\r\\n",
                "0x5\\r\\nhello\\r\\n0\\r\\n\\r\\n",
                "FFFFFFFFFFFFFFFFF\\r\\nhello\\r\\n0\\r\\n\\r\\n",
                "80000000\\r\\nhello\\r\\n0\\r\\n\\r\\n",
                "5\\nhello\\r\\n0\\r\\n\\r\\n",
                "5;a=b\\nhello\\r\\n0\\r\\n\\r\\n",
                "5\\r\\nhelloX\\r\\n0\\r\\n\\r\\n",
                "5\\r\\nhello0\\r\\n\\r\\n",
                "5\\r\\nhello\\r\\n0\\r\\nX y\\r\\n\\r\\n",
            })
    void aBodyThatLeavesTheEndOpenIsRefused(String chunks) throws Exception {
        String body = chunks.replace("\\r", "\r").replace("\\n", "\n");
        String answers = answers(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + body + ANOTHER);
        assertThat(answers).startsWith("HTTP/1.1 400 ").contains("connection: close");
        assertThat(answers.split("HTTP/1\\.1 ", -1)).as(answers).hasSize(2);
    }

    /** In chunks, with what may go with them: extensions, trailers (which are not looked at), any letter case. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"chunked|``|``", "CHUNKED|`;a=b`|``", "chunked|``|`Content-Length: 3\\r\\nX: y\\r\\n`"})
    void whatHasAnEndIsRead(String encoding, String extension, String trailers) throws Exception {
        String answers = answers(HEAD + "Transfer-Encoding: " + encoding + "\r\n\r\n"
                + Integer.toHexString(REVIEW.length()) + extension + "\r\n" + REVIEW + "\r\n0\r\n"
                + trailers.replace("\\r", "\r").replace("\\n", "\n") + "\r\n"
                + ANOTHER.replace("Host: x", "Host: x\r\nConnection: close"));
        assertThat(answers.split("HTTP/1\\.1 200 ", -1)).as(answers).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"line,414", "header,431", "fields,431"})
    void whatIsTooLongIsRefused(String what, int code) throws Exception {
        String request =
                switch (what) {
                    case "line" -> "GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n";
                    case "header" -> "GET / HTTP/1.1\r\nHost: " + "x".repeat(10_000) + "\r\n\r\n";
                    default -> "GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(150) + "\r\n";
                };
        String answers = answers(request + ANOTHER);
        assertThat(answers).contains(" " + code + " ").contains("connection: close");
        assertThat(answers.split("HTTP/1\\.", -1)).as(answers).hasSize(2);
    }

    /** In words that say what to change; and nothing that follows is read. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST /validate HTTP/1.1\\r\\nContent-Length: 0\\r\\n | the header Host once: this request has it not at all.",
                "GET / HTTP/1.1\\r\\nHost: x\\r\\nHost: y\\r\\n | the header Host once: this request has it 2 times.",
                "PRI * HTTP/2.0\\r\\n | This port speaks HTTP/1.1, not HTTP/2.0.",
            })
    void whatIsMissingOrNotSpokenIsNamed(String written, String sentence) throws Exception {
        String answers =
                answers(written.strip().replace("\\r", "\r").replace("\\n", "\n") + "\r\nSM\r\n\r\n" + ANOTHER);
        assertThat(answers)
                .startsWith("HTTP/1.1 400 ")
                .contains("connection: close")
                .endsWith(sentence + "\n");
    }
}
