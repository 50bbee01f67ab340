package dev.unroot.registry.place;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.registry.LookupException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers for a few seconds what could not be reached, so that of many lookups that lead there not each waits until its
 * own time is over. After that one finds out for all; until it knows, the others are told what the last one was told.
 */
public final class Outages {
    private static final Logger LOG = LoggerFactory.getLogger(Outages.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** What nobody asks for again is forgotten. */
    private static final Duration IDLE = Duration.ofMinutes(1);

    private static final int MOST_REMEMBERED = 1_000;
    /** Whoever had less time than a lost packet takes to be sent again has found out nothing. */
    private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(1);

    private final Ticker ticker;
    private final RequestListener listener;
    private final boolean logs;
    private final Cache<Route, Outage> outages;

    /**
     * By which something was to be reached. Whose time is used up, or who is led astray, by one registry has found out
     * nothing for those whom another leads there.
     *
     * @param ledBy whom we had turned to
     * @param whom what is reached or not, as a whole
     */
    private record Route(String ledBy, String whom) {}

    /** One that is known. */
    private static final class Outage {
        private final Function<RequestContext, LookupException> failure;
        private final long until;
        private boolean tried;

        Outage(Function<RequestContext, LookupException> failure, long until) {
            this.failure = failure;
            this.until = until;
        }

        /** True for the one who may try. */
        synchronized boolean mayTry(long now) {
            if (tried || now - until < 0) {
                return false;
            }
            tried = true;
            return true;
        }

        synchronized void tryAgain() {
            tried = false;
        }
    }

    /** @param logs whether the log is told: a person who waits for one image is told by that */
    public Outages(Ticker ticker, RequestListener listener, boolean logs) {
        this.logs = logs;
        this.ticker = ticker;
        this.listener = listener;
        this.outages = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .ticker(ticker)
                .expireAfterAccess(IDLE)
                .build();
    }

    /**
     * Begins an attempt.
     *
     * @param whom {@code https://ghcr.io}: what is reached or not, as a whole
     * @throws LookupException where it is known not to be reached
     */
    public Attempt begin(String whom, RequestContext context) {
        Route route = new Route(context.asked(), whom);
        Outage outage = outages.getIfPresent(route);
        if (outage != null && !outage.mayTry(ticker.read())) {
            throw outage.failure.apply(context);
        }
        return new Attempt(route, outage);
    }

    /** An attempt to reach something; to be closed when it is over, whatever came of it. */
    public final class Attempt implements AutoCloseable {
        private final Route route;
        private final @Nullable Outage before;
        private final long began = System.nanoTime();

        private Attempt(Route route, @Nullable Outage before) {
            this.route = route;
            this.before = before;
        }

        /** It answered, or took a connection at least. */
        public void reached() {
            // Whoever began before the outage and gets through ends it too.
            if (outages.asMap().remove(route) != null && logs) {
                LOG.info("{} is reached again", route.whom());
            }
        }

        /** Nothing was heard in the time there was; counts where that was long enough to tell. */
        public void silent(Function<RequestContext, LookupException> failure) {
            if (System.nanoTime() - began >= SHORTEST_SILENCE.toNanos()) {
                unreached(failure);
            }
        }

        /** It could not be reached; the failure is for all who come within the next seconds. */
        public void unreached(Function<RequestContext, LookupException> failure) {
            Outage next = new Outage(failure, ticker.read() + PAUSE.toNanos());
            if (outages.asMap().put(route, next) == null) {
                listener.unreached();
                if (logs) {
                    LOG.warn(
                            "{} is not reached; it is tried again every {} seconds, if asked for",
                            route.whom(),
                            PAUSE.toSeconds());
                }
            }
        }

        @Override
        public void close() {
            if (before != null) {
                before.tryAgain();
            }
        }
    }
}
