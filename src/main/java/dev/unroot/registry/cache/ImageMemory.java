package dev.unroot.registry.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered, on two levels. A digest's users never change, and are kept as long as there is room. A reference's
 * digest is one identity's, or anyone's where nobody in particular was given it: so an image that needs a credential
 * answers only those who showed it.
 */
final class ImageMemory {
    /** The registry could not be asked, which says nothing of the image: the last answer may stand in. */
    private static final Set<UnknownCause> NO_ANSWER =
            Set.of(UnknownCause.TIMEOUT, UnknownCause.UNREACHABLE, UnknownCause.TLS, UnknownCause.RATE_LIMITED);

    /** This identity may not have it, or nobody may: what was remembered of the reference is over. */
    private static final Set<UnknownCause> NO_MORE =
            Set.of(UnknownCause.NOT_FOUND, UnknownCause.UNAUTHORIZED, UnknownCause.REFUSED_ADDRESS);

    private static final int TAGS_PER_IMAGE = 4;

    private final CacheOptions options;
    private final Ticker ticker;
    private final Cache<ImageKey, ImageFacts.Known> images;
    private final Cache<TagKey, Tag> tags;
    private final Cache<ImageQuery, ImageFacts.Unknown> failures;

    private record ImageKey(String digest, List<Platform> platforms) {}

    /** @param identity null for anyone */
    private record TagKey(
            ImageReference reference, @Nullable PullIdentity identity) {}

    /** @param freshUntil by the ticker */
    private record Tag(String digest, long freshUntil) {}

    ImageMemory(CacheOptions options, Ticker ticker) {
        this.options = options;
        this.ticker = ticker;
        this.images = Caffeine.newBuilder().maximumSize(options.maxImages()).build();
        this.tags = Caffeine.newBuilder()
                .maximumSize((long) TAGS_PER_IMAGE * options.maxImages())
                .ticker(ticker)
                .expireAfterWrite(options.staleIfError())
                .build();
        this.failures = Caffeine.newBuilder()
                .maximumSize(options.maxImages())
                .ticker(ticker)
                .expireAfter(
                        Expiry.creating((ImageQuery query, ImageFacts.Unknown failure) -> patience(failure.cause())))
                .build();
    }

    /** What answers without asking anyone; null where nothing does. */
    @Nullable
    ImageFacts answer(ImageQuery query) {
        Tag tag = tag(query);
        ImageFacts.Known known = tag != null && isFresh(tag) ? known(tag.digest(), query) : null;
        if (known != null) {
            return known.as(confidence(query));
        }
        ImageFacts.Unknown failure = failures.getIfPresent(query);
        return failure == null ? null : orStale(failure, query);
    }

    /** The last answer where the registry gave none, else the failure. */
    ImageFacts orStale(ImageFacts.Unknown failure, ImageQuery query) {
        Tag tag = NO_ANSWER.contains(failure.cause()) ? tag(query) : null;
        ImageFacts.Known known = tag == null ? null : known(tag.digest(), query);
        if (known == null) {
            return failure;
        }
        // A digest is what it is, however long ago the registry was asked.
        return known.as(query.reference().digest() == null ? Confidence.STALE : Confidence.DIGEST);
    }

    ImageFacts.@Nullable Known known(String digest, ImageQuery query) {
        return images.getIfPresent(new ImageKey(digest, query.platforms()));
    }

    /** The digest that the reference had when it was last asked about; null where that is not known. */
    @Nullable
    String lastDigest(ImageQuery query) {
        Tag tag = tag(query);
        return tag == null ? null : tag.digest();
    }

    /** The same, where it need not be asked about again. */
    @Nullable
    String freshDigest(ImageQuery query) {
        Tag tag = tag(query);
        return tag != null && isFresh(tag) ? tag.digest() : null;
    }

    void learnDigest(ImageQuery query, String digest, boolean anyone) {
        boolean pinned = query.reference().digest() != null;
        Duration life = pinned && anyone ? options.staleIfError() : jittered(options.tagTtl());
        Tag tag = new Tag(digest, ticker.read() + life.toNanos());
        tags.put(new TagKey(query.reference(), anyone ? null : query.identity()), tag);
    }

    void learnUsers(ImageQuery query, ImageFacts.Known known) {
        images.put(new ImageKey(known.digest(), query.platforms()), known);
        failures.invalidate(query);
    }

    void learnFailure(ImageQuery query, ImageFacts.Unknown failure) {
        failures.put(query, failure);
        if (NO_MORE.contains(failure.cause())) {
            tags.invalidate(new TagKey(query.reference(), null));
            tags.invalidate(new TagKey(query.reference(), query.identity()));
        }
    }

    static Confidence confidence(ImageQuery query) {
        return query.reference().digest() == null ? Confidence.TAG : Confidence.DIGEST;
    }

    private @Nullable Tag tag(ImageQuery query) {
        Tag anyones = tags.getIfPresent(new TagKey(query.reference(), null));
        return anyones == null ? tags.getIfPresent(new TagKey(query.reference(), query.identity())) : anyones;
    }

    private boolean isFresh(Tag tag) {
        return tag.freshUntil() - ticker.read() > 0;
    }

    /** Between four fifths and the whole of it: tags learnt together are not asked about together. */
    private static Duration jittered(Duration life) {
        return Duration.ofNanos((long)
                (life.toNanos() * (0.8 + 0.2 * ThreadLocalRandom.current().nextDouble())));
    }

    /** How long a failure answers by itself: short where it may pass, a minute where the image must change. */
    private static Duration patience(UnknownCause cause) {
        return Duration.ofSeconds(
                switch (cause) {
                    case TIMEOUT, UNREACHABLE, RATE_LIMITED -> 10;
                    case NOT_FOUND, UNAUTHORIZED, TLS -> 30;
                    default -> 60;
                });
    }
}
