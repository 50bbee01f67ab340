package dev.unroot.registry.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.RequestContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Leaves a host alone for as long as its 429 asked, and not for longer than five minutes. By credential and by step, since
 * a limit is: one who is limited does not silence the others. And by whose registry led there: a registry that sends us to
 * what answers 429, be it another registry, limits nobody but itself.
 */
public final class RateLimits {
    private static final int MOST_HOSTS = 1_000;
    private static final long DEFAULT_SECONDS = 10;
    private static final long MOST_SECONDS = 300;
    /**
     * The first that is there counts. Sources: RFC 9110, section 10.2.3; Docker Hub's API, which documented X-Retry-After
     * as Unix time; the draft of the RateLimit header fields, and what was there before it.
     */
    private static final List<String> HEADERS =
            List.of("Retry-After", "X-Retry-After", "RateLimit-Reset", "X-RateLimit-Reset");
    /** More seconds than anybody would ask to wait: Docker Hub has sent Unix time as Retry-After too. */
    private static final long FIRST_UNIX_TIME = 1_000_000_000;

    private final Ticker ticker;
    private final Cache<Limit, Long> until;

    /** @param ledBy whom we had turned to */
    private record Limit(String ledBy, Origin asked, Purpose purpose) {
        static Limit of(Request request, RequestContext context) {
            return new Limit(context.asked(), request.origin(), request.purpose());
        }
    }

    public RateLimits(Ticker ticker) {
        this.ticker = ticker;
        this.until = Caffeine.newBuilder()
                .maximumSize(MOST_HOSTS)
                .ticker(ticker)
                .expireAfter(Expiry.creating((Limit limit, Long end) -> Duration.ofNanos(end - ticker.read())))
                .build();
    }

    public void requireOpen(Request request, RequestContext context) {
        Long end = until.getIfPresent(Limit.of(request, context));
        if (end != null) {
            long seconds = Duration.ofNanos(end - ticker.read()).toSeconds() + 1;
            throw context.notAsked(
                    UnknownCause.RATE_LIMITED, "it answered 429 before and may be asked again in " + seconds + " s");
        }
    }

    /** To be called for a response of status 429. */
    LookupException hit(Response response, Request request, RequestContext context) {
        String written = HEADERS.stream()
                .map(response::header)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        long seconds = seconds(written, Instant.now());
        until.put(
                Limit.of(request, context),
                ticker.read() + Duration.ofSeconds(seconds).toNanos());
        return context.failed(UnknownCause.RATE_LIMITED, "answered 429 (ask again in " + seconds + " s)");
    }

    /** Reads seconds, a date, or Unix time in seconds; a default where it is none of these. */
    public static long seconds(@Nullable String retryAfter, Instant now) {
        long seconds = DEFAULT_SECONDS;
        if (retryAfter != null && retryAfter.matches("[0-9]{1,12}")) {
            long number = Long.parseLong(retryAfter);
            seconds = number < FIRST_UNIX_TIME ? number : number - now.getEpochSecond();
        } else if (retryAfter != null) {
            try {
                Instant end = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                seconds = Duration.between(now, end).toSeconds();
            } catch (DateTimeParseException e) {
                seconds = DEFAULT_SECONDS;
            }
        }
        return Math.max(1, Math.min(MOST_SECONDS, seconds));
    }
}
