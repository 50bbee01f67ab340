package dev.unroot.registry.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.ImageSource;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.MemorySource;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TestImage;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.Limits;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SourceImageUsersTest {
    private static final String NAME = "registry.example/app:1";
    private static final ImageQuery QUERY =
            new ImageQuery(ImageReference.parse(NAME), List.of(Platform.parse("linux/amd64")), PullIdentity.NONE);

    private final TestImages images = new TestImages();
    private final MemorySource memory = new MemorySource(images);

    private static ImageFacts find(ImageSource source, Deadline deadline) {
        return new SourceImageUsers(source, Limits.DEFAULT, Detail.USER)
                .find(QUERY, deadline)
                .toCompletableFuture()
                .join();
    }

    @Test
    void anImageIsReadAndTheAnswerIsThereAtOnce() {
        images.add(NAME, new TestImage().user("5"));

        assertThat(new SourceImageUsers(memory, Limits.DEFAULT, Detail.USER)
                        .find(QUERY, Deadline.in(Duration.ofSeconds(10)))
                        .toCompletableFuture())
                .isCompletedWithValueMatching(ImageFacts.Known.class::isInstance);
    }

    @Test
    void aFailureIsAValue() {
        LookupException refused = new LookupException(UnknownCause.UNAUTHORIZED, "registry.example answered 401");

        assertThat(find(new Failing(CompletableFuture.failedFuture(refused)), Deadline.in(Duration.ofSeconds(10))))
                .isEqualTo(new ImageFacts.Unknown(UnknownCause.UNAUTHORIZED, "registry.example answered 401"));
    }

    /** Bytes that a reader of ours cannot bear are that image's affair, whether it is read here or on another thread. */
    @Test
    void aFaultIsAValueToo() {
        StackOverflowError overflow = new StackOverflowError();
        ImageSource thrower = new Failing(CompletableFuture.completedFuture(null)) {
            @Override
            public CompletionStage<Document> manifest(Pull pull, String tagOrDigest) {
                throw overflow;
            }
        };
        for (ImageSource source : List.of(thrower, new Failing(CompletableFuture.failedFuture(overflow)))) {
            assertThat(find(source, Deadline.in(Duration.ofSeconds(10))))
                    .isEqualTo(new ImageFacts.Unknown(
                            UnknownCause.TOO_LARGE,
                            "reading " + NAME + " took too much memory or stack within Unroot, which logged why",
                            "Look for the reason in Unroot's log"));
        }
    }

    /** Answers every manifest in one way. */
    private static class Failing implements ImageSource {
        private final CompletableFuture<Document> answer;

        Failing(CompletableFuture<Document> answer) {
            this.answer = answer;
        }

        @Override
        public CompletionStage<Document> manifest(Pull pull, String tagOrDigest) {
            return answer;
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
