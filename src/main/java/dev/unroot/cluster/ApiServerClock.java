package dev.unroot.cluster;

import dev.unroot.certificate.Rotation;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The API server's clock, as its answers say it ({@code Date}, RFC 9110): that is the one which certificates are verified by.
 * Where a replica's own differs too much, it would make certificates that nobody takes, and undo what others make.
 */
final class ApiServerClock implements Interceptor {
    /** Of two clocks that are both right by this, neither takes a CA that the other made for one far ahead of its time. */
    static final Duration MAY_DIFFER = Rotation.FAR_AHEAD.dividedBy(2);

    private volatile @Nullable Said last;

    /** @param at when it was heard, by {@link System#nanoTime} */
    private record Said(Instant time, long at) {
        Instant now() {
            return time.plusNanos(System.nanoTime() - at);
        }
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        String date = response.header("Date");
        if (date == null) {
            return;
        }
        try {
            last = new Said(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)), System.nanoTime());
        } catch (DateTimeException unreadable) {
            // As if it had not been said.
        }
    }

    /** Whether it was ever said: something between may have left it out. */
    boolean isKnown() {
        return last != null;
    }

    /** Why nothing is to be made by our own clock, half a sentence that stays the same; null where that is right, or not known to be wrong. */
    @Nullable
    String problem(Instant own) {
        Said said = last;
        if (said == null) {
            return null;
        }
        Duration ahead = Duration.between(said.now(), own);
        return ahead.abs().compareTo(MAY_DIFFER) <= 0
                ? null
                : "this replica's clock is more than " + MAY_DIFFER.toHours() + " h "
                        + (ahead.isNegative() ? "behind" : "ahead of")
                        + " the API server's, so that it writes neither Secret nor caBundle: set it right";
    }
}
