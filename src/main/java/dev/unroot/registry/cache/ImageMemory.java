package dev.unroot.registry.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.HeapShares;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.CredentialKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered, on two levels, and each belongs to the credential that it was given to, or to anyone where none was
 * shown. A digest's users never change, and are kept as long as there is room; a private image's for those whom the same
 * repository has served it. A reference's digest is asked about again. So a private image answers only those who have that
 * credential now, whatever their Secrets' names, and whatever another repository says that it has.
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
    private final Cache<LookupKey, Failure> failures;

    private record TagKey(ImageReference reference, CredentialKey credential) {}

    /**
     * @param told when, by the ticker
     * @param freshUntil by the ticker
     * @param credential that it was told to
     */
    private record Tag(String digest, long told, long freshUntil, CredentialKey credential) {}

    /** @param answered whether the registry has answered, so that nothing older may stand in */
    private record Failure(ImageFacts.Unknown facts, boolean answered) {}

    ImageMemory(CacheOptions options, Ticker ticker) {
        int maxImages = maxImages(options, HeapShares.ofThisProcess());
        this.options = options;
        this.ticker = ticker;
        this.images = Caffeine.newBuilder()
                .maximumWeight(maxImages)
                .weigher((ImageKey key, ImageFacts.Known known) -> Weights.of(key, known))
                .build();
        this.tags = Caffeine.newBuilder()
                .maximumWeight((long) TAGS_PER_IMAGE * maxImages)
                .weigher((TagKey key, Tag tag) -> Weights.of(key.reference()))
                .ticker(ticker)
                .expireAfterWrite(longest(options))
                .build();
        this.failures = Caffeine.newBuilder()
                .maximumWeight(maxImages)
                .weigher((LookupKey key, Failure failure) -> Weights.of(key, failure.facts()))
                .ticker(ticker)
                .expireAfter(Expiry.creating(
                        (LookupKey key, Failure failure) -> life(failure.facts().cause())))
                .build();
    }

    /** As many as are asked for, and as there is room for with their tags and with as many failures, a KiB each. */
    static int maxImages(CacheOptions options, HeapShares heap) {
        long room = heap.cache() / Weights.UNIT / (2 + TAGS_PER_IMAGE);
        return (int) Math.min(options.maxImages(), room);
    }

    /** How many there are, not counting what will soon be evicted. */
    long images() {
        return images.estimatedSize();
    }

    /** What is known and needs no asking; null where nothing is. */
    ImageFacts.@Nullable Known freshAnswer(LookupKey key) {
        Tag tag = tag(key);
        ImageFacts.Known known = tag != null && isFresh(tag) ? known(tag, key) : null;
        return known == null ? null : known.as(confidence(key));
    }

    /** What answers without asking anyone, be it a failure; null where nothing does. */
    @Nullable
    ImageFacts answer(LookupKey key) {
        ImageFacts.Known known = freshAnswer(key);
        if (known != null) {
            return known;
        }
        Failure failure = failures.getIfPresent(key);
        if (failure == null) {
            return null;
        }
        return failure.answered() ? failure.facts() : orStale(failure.facts(), key);
    }

    /** The last answer where the registry gave none, else the failure. */
    ImageFacts orStale(ImageFacts.Unknown failure, LookupKey key) {
        Tag tag = NO_ANSWER.contains(failure.cause()) ? tag(key) : null;
        ImageFacts.Known known = tag == null ? null : known(tag, key);
        if (tag == null || known == null) {
            return failure;
        }
        // A digest is what it is, however long ago the registry was asked.
        if (key.reference().digest() != null) {
            return known.as(Confidence.DIGEST);
        }
        return ticker.read() - tag.told() < options.staleIfError().toNanos() ? known.staleSince(heard(tag)) : failure;
    }

    private static Duration longest(CacheOptions options) {
        return options.tagTtl().compareTo(options.staleIfError()) > 0 ? options.tagTtl() : options.staleIfError();
    }

    /** To the second: nobody needs to know it better. */
    private Instant heard(Tag tag) {
        return Instant.now().minusNanos(ticker.read() - tag.told()).truncatedTo(ChronoUnit.SECONDS);
    }

    private ImageFacts.@Nullable Known known(Tag tag, LookupKey key) {
        return known(tag.digest(), key, tag.credential());
    }

    /** What whoever was told the digest by this credential may be told of it. */
    ImageFacts.@Nullable Known known(String digest, LookupKey key, CredentialKey credential) {
        ImageFacts.Known everybodys = images.getIfPresent(new ImageKey(digest, key.platforms()));
        return everybodys != null || credential.isEverybodys()
                ? everybodys
                : images.getIfPresent(new ImageKey(digest, key.platforms(), ImageKey.Reader.of(key, credential)));
    }

    /** Whether there is something to tell, once it is known who is told the digest. */
    boolean mayBeKnown(String digest, LookupKey key) {
        return known(digest, key, CredentialKey.ANYONE) != null
                || key.credentials().stream().anyMatch(credential -> known(digest, key, credential) != null);
    }

    /** The digest that the reference had when it was last asked about; null where that is not known. */
    @Nullable
    String lastDigest(LookupKey key) {
        Tag tag = tag(key);
        return tag == null ? null : tag.digest();
    }

    /** The same, where it need not be asked about again. */
    @Nullable
    String freshDigest(LookupKey key) {
        Tag tag = tag(key);
        return tag != null && isFresh(tag) ? tag.digest() : null;
    }

    /** @param credential the credential that it was told to; null where that is not known, and then nobody's to have */
    void learnDigest(LookupKey key, String digest, @Nullable CredentialKey credential) {
        if (credential == null) {
            return;
        }
        boolean forEver = key.reference().digest() != null && credential.equals(CredentialKey.ANYONE);
        Duration life = forEver ? longest(options) : jittered(options.tagTtl());
        long now = ticker.read();
        Tag tag = new Tag(digest, now, now + life.toNanos(), credential);
        tags.put(new TagKey(key.reference(), credential), tag);
    }

    /**
     * Of an image that was read by its digest: whoever was served that may be told so by the tag as well, for as long as it
     * would have been fresh anyhow. That the tag still names it, nobody has said.
     *
     * @param credential as for {@link #learnDigest}
     */
    void shareDigest(LookupKey key, String digest, @Nullable CredentialKey credential) {
        Tag tag = tag(key);
        if (credential != null
                && tag != null
                && tag.digest().equals(digest)
                && !tag.credential().equals(credential)) {
            tags.put(
                    new TagKey(key.reference(), credential), new Tag(digest, tag.told(), tag.freshUntil(), credential));
        }
    }

    /** @param credential the credential that all of it was served to; null where that is not known, as for the digest */
    void learnUsers(LookupKey key, ImageFacts.Known known, @Nullable CredentialKey credential) {
        failures.invalidate(key);
        if (credential == null) {
            return;
        }
        images.put(new ImageKey(known.digest(), key.platforms(), ImageKey.Reader.of(key, credential)), known);
    }

    /** @param answered whether that is the registry's answer, which ends what it said before */
    void learnFailure(LookupKey key, ImageFacts.Unknown failure, boolean answered) {
        failures.put(key, new Failure(failure, answered));
        if (answered || NO_MORE.contains(failure.cause())) {
            key.credentials().forEach(credential -> tags.invalidate(new TagKey(key.reference(), credential)));
            tags.invalidate(new TagKey(key.reference(), CredentialKey.OPERATOR));
            // That a pod's own credential is refused says nothing of what anyone may have.
            if (key.credentials().isEmpty()) {
                tags.invalidate(new TagKey(key.reference(), CredentialKey.ANYONE));
            }
        }
    }

    static Confidence confidence(LookupKey key) {
        return key.reference().digest() == null ? Confidence.TAG : Confidence.DIGEST;
    }

    /** The youngest of what was told to anyone, to us, or to one of these credentials; of two as young the latter. */
    private @Nullable Tag tag(LookupKey key) {
        Tag youngest = tag(key, CredentialKey.ANYONE);
        youngest = younger(youngest, tag(key, CredentialKey.OPERATOR));
        for (CredentialKey credential : key.credentials()) {
            youngest = younger(youngest, tag(key, credential));
        }
        return youngest;
    }

    private @Nullable Tag tag(LookupKey key, CredentialKey credential) {
        return tags.getIfPresent(new TagKey(key.reference(), credential));
    }

    private static @Nullable Tag younger(@Nullable Tag one, @Nullable Tag other) {
        return one == null || other != null && other.freshUntil() - one.freshUntil() >= 0 ? other : one;
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
    private static Duration life(UnknownCause cause) {
        return Duration.ofSeconds(
                switch (cause) {
                    case TIMEOUT, UNREACHABLE, RATE_LIMITED -> 10;
                    case NOT_FOUND, UNAUTHORIZED, TLS -> 30;
                    default -> 60;
                });
    }
}
