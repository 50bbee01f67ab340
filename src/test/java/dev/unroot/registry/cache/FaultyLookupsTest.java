package dev.unroot.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.Changed;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Answer;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TagSource;
import dev.unroot.registry.credentials.NoCredentials;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A fault over one image ends its lookup, and gives its place to the next. */
class FaultyLookupsTest {
    private static final Duration GENEROUS = Duration.ofSeconds(30);

    private static ImageFacts find(LookupListener listener, String image) {
        CacheOptions oneAtATime = Changed.of(
                CacheOptions.DEFAULT,
                "maxImages",
                100,
                "timeout",
                GENEROUS,
                "lookups",
                1,
                "lookupsPerRegistry",
                1,
                "waiting",
                10);
        TagSource source = new Faulty();
        try (CachingImageUsers users = new CachingImageUsers(
                source,
                new ImageReader(source, Limits.DEFAULT),
                Detail.USER,
                oneAtATime,
                Ticker.systemTicker(),
                listener)) {
            ask(users, image);
            return ask(users, "registry.example/missing:1");
        }
    }

    private static @Nullable ImageFacts ask(CachingImageUsers users, String image) {
        ImageQuery query =
                new ImageQuery(ImageReference.parse(image), List.of(Platform.parse("linux/amd64")), PullIdentity.NONE);
        try {
            return users.find(query, Deadline.in(GENEROUS))
                    .toCompletableFuture()
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException | StackOverflowError fault) {
            // Whoever asks bears it; what counts here is what it leaves behind.
            return null;
        }
    }

    private static UnknownCause causeOfTheNext(LookupListener listener, String image) {
        return ((ImageFacts.Unknown) find(listener, image)).cause();
    }

    @Test
    void oneThatThrowsGivesItsPlaceAway() {
        assertThat(causeOfTheNext(new QuietListener(), "registry.example/throws:1"))
                .isEqualTo(UnknownCause.NOT_FOUND);
    }

    @Test
    void oneThatFailsGivesItsPlaceAway() {
        assertThat(causeOfTheNext(new QuietListener(), "registry.example/fails:1"))
                .isEqualTo(UnknownCause.NOT_FOUND);
    }

    /** Two who ask for the same wait for one lookup: it has to land even where telling of it fails. */
    @Test
    void oneWhoseListenerThrowsLands() {
        LookupListener throwing = new LookupListener() {
            @Override
            public void answeredFromMemory() {}

            @Override
            public void lookedUp(String outcome) {
                throw new StackOverflowError();
            }
        };
        ImageFacts facts = find(throwing, "registry.example/other:1");

        assertThat(((ImageFacts.Unknown) facts).reason()).contains("within Unroot");
    }

    /** One of its images throws, one fails, and there is no other. */
    private static final class Faulty implements TagSource {
        @Override
        public CompletionStage<Document> manifest(Pull pull, String tagOrDigest) {
            return switch (pull.image().repository()) {
                case "throws" -> throw new StackOverflowError();
                case "fails" -> CompletableFuture.failedFuture(new StackOverflowError());
                default -> CompletableFuture.failedFuture(new LookupException(UnknownCause.NOT_FOUND, "no such image"));
            };
        }

        @Override
        public CompletionStage<Answer<Digest>> digest(Pull pull) {
            throw new AssertionError("nothing is known yet that a digest could confirm");
        }

        @Override
        public CompletionStage<Entitlement> entitlement(
                ImageReference reference, PullIdentity identity, Deadline deadline) {
            return CompletableFuture.completedFuture(NoCredentials.ENTITLEMENT);
        }

        @Override
        public CompletionStage<byte[]> blob(Pull pull, Descriptor descriptor) {
            throw new AssertionError("no manifest, no blob");
        }

        @Override
        public <R> CompletionStage<R> layer(Pull pull, Descriptor descriptor, LayerReader<R> reader) {
            throw new AssertionError("no manifest, no layer");
        }
    }
}
