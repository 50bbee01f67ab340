package dev.unroot.webhook;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request ends must not be a question: what Netty's decoder lets through, and another server might read to another
 * end, is refused (RFC 9112, sections 6.1 and 6.3), and so is whose it is (section 3.2).
 */
final class Framing {
    private Framing() {}

    /** Why the request is refused; null where its end is beyond doubt. */
    static @Nullable RuntimeException problem(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1) {
            // The answer is of the request's version.
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
            return new MalformedRequestException("This port speaks HTTP/1.1, not " + version.text() + ".");
        }
        HttpHeaders headers = request.headers();
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && version.equals(HttpVersion.HTTP_1_1)) {
            return new MalformedRequestException("HTTP/1.1 has the header Host once: this request has it "
                    + (hosts == 0 ? "not at all." : hosts + " times."));
        }
        if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return null;
        }
        List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (encodings.size() != 1 || !encodings.get(0).strip().equalsIgnoreCase("chunked")) {
            return new MalformedRequestException(
                    "Transfer-Encoding must be chunked, and be there once: send the body with Content-Length.");
        }
        return version.equals(HttpVersion.HTTP_1_0)
                ? new MalformedRequestException("HTTP/1.0 has no Transfer-Encoding.")
                : null;
    }
}
