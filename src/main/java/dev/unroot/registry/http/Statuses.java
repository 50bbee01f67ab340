package dev.unroot.registry.http;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What an answer's status says of the image. */
public final class Statuses {
    /**
     * Of a registry that cannot answer now; any other status is its answer. Sources: RFC 5861, section 4; 408 of RFC 9110 is
     * such an error too, and 520 to 530 are what Cloudflare says of a server that it does not reach.
     */
    private static final Set<Integer> OUTAGES =
            Set.of(408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530);

    private Statuses() {}

    /** What servers of TLS answer to plain HTTP: Go's net/http and what is built with it; nginx; Apache; Tomcat. */
    private static final List<String> TLS_ONLY = List.of(
            "Client sent an HTTP request to an HTTPS server",
            "The plain HTTP request was sent to HTTPS port",
            "speaking plain HTTP to an SSL-enabled server port",
            "This combination of host and port requires TLS");

    private static final int BAD_REQUEST = 400;
    private static final int ENOUGH = 1024;

    public static LookupException failure(Response response) {
        int status = response.status();
        if (status == BAD_REQUEST && !response.origin().secure() && isOfTlsOnly(response)) {
            return TransportException.tlsOnly().toFailure(response.context());
        }
        UnknownCause cause =
                switch (status) {
                    case 401, 403 -> UnknownCause.UNAUTHORIZED;
                    case 404, 410 -> UnknownCause.NOT_FOUND;
                    case 408, 504 -> UnknownCause.TIMEOUT;
                    default -> UnknownCause.UNREACHABLE;
                };
        LookupException failure = response.context().failed(cause, "answered " + status);
        return OUTAGES.contains(status) ? failure : failure.answered();
    }

    private static boolean isOfTlsOnly(Response response) {
        String said = new String(response.body().upTo(ENOUGH), StandardCharsets.ISO_8859_1);
        return TLS_ONLY.stream().anyMatch(said::contains);
    }

    /** A token service knows no images: whatever it is that it does not find, it is not the one that was named. */
    public static LookupException tokenFailure(Response response) {
        LookupException failure = failure(response);
        return failure.why() == UnknownCause.NOT_FOUND
                ? new LookupException(UnknownCause.UNREACHABLE, failure.reason()).answered()
                : failure;
    }
}
