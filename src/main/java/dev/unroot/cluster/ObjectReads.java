package dev.unroot.cluster;

import dev.unroot.cluster.ObjectCache.Key;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads objects of one kind by name, and puts whatever comes of it into an {@link ReadResult}. */
final class ObjectReads<V> implements Function<Key, CompletableFuture<ReadResult<V>>> {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectReads.class);
    /** Somebody may be about to create it, or to mend it. */
    static final Duration SOON = Duration.ofSeconds(30);
    /** Rights change rarely, and an API server logs every refusal. */
    private static final Duration REFUSED = Duration.ofMinutes(5);

    private final ApiReader api;
    private final String kind;
    private final String plural;
    private final BiFunction<Key, byte[], ReadResult<V>> parse;
    private final AtomicBoolean refusalLogged = new AtomicBoolean();

    /**
     * @param kind for messages: {@code Secret}
     * @param plural as in paths: {@code secrets}
     * @param parse what it throws is not told to anybody: it may quote what it read
     */
    ObjectReads(ApiReader api, String kind, String plural, BiFunction<Key, byte[], ReadResult<V>> parse) {
        this.api = api;
        this.kind = kind;
        this.plural = plural;
        this.parse = parse;
    }

    /** Never fails. */
    @Override
    public CompletableFuture<ReadResult<V>> apply(Key key) {
        return api.get("api/v1/namespaces/" + key.namespace() + "/" + plural + "/" + key.name())
                .handle((response, failure) -> outcome(key, response, failure));
    }

    private ReadResult<V> outcome(Key key, @Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
        String name = kind + " " + key;
        if (failure != null || response == null) {
            Throwable cause = failure == null ? new IllegalStateException("no answer") : failure;
            return new ReadResult.Failed<>(name + " could not be read: " + ClusterException.reason(cause, right()));
        }
        if (response.isSuccessful()) {
            try {
                return parse.apply(key, response.body());
            } catch (RuntimeException unreadable) {
                return new ReadResult.Failed<>(name + " could not be read: the API server's answer is no " + kind);
            }
        }
        return switch (response.code()) {
            case HttpURLConnection.HTTP_NOT_FOUND -> new ReadResult.Useless<>(name + " does not exist", SOON);
            case HttpURLConnection.HTTP_FORBIDDEN -> {
                if (refusalLogged.compareAndSet(false, true)) {
                    LOG.warn("{} may not be read: Unroot's role there has to allow {}. Told once.", name, right());
                }
                yield new ReadResult.Useless<>(
                        name + " may not be read (Unroot's role does not allow " + right() + " there)", REFUSED);
            }
            default ->
                new ReadResult.Failed<>(name + " could not be read: "
                        + ClusterException.answered(response.code(), api.message(response.body()), right()));
        };
    }

    private String right() {
        return "get on " + plural;
    }
}
