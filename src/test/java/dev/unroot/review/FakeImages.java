package dev.unroot.review;

import dev.unroot.common.Deadline;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.UnknownCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Images by reference in full; any other is not found. Remembers what it was asked, and with how much patience. */
final class FakeImages implements ImageUsers {
    private final Map<String, CompletableFuture<ImageFacts>> answers = new HashMap<>();
    final List<ImageQuery> queries = new ArrayList<>();
    final List<Duration> patience = new ArrayList<>();

    void put(String reference, ImageFacts facts) {
        answers.put(reference, CompletableFuture.completedFuture(facts));
    }

    /** An answer that somebody is still waiting for. */
    CompletableFuture<ImageFacts> pending(String reference) {
        return answers.computeIfAbsent(reference, any -> new CompletableFuture<>());
    }

    static ImageFacts root() {
        return known(new ImageUser.Unset("", 0L));
    }

    static ImageFacts nonRoot() {
        return known(new ImageUser.Numeric("1000", 1000L, 0L));
    }

    static ImageFacts unreachable() {
        return new ImageFacts.Unknown(UnknownCause.UNREACHABLE, "registry docker.io could not be reached");
    }

    private static ImageFacts known(ImageUser user) {
        return new ImageFacts.Known(
                "sha256:" + "e".repeat(64),
                Confidence.TAG,
                List.of(new PlatformUser(Platform.parse("linux/amd64"), user)),
                List.of());
    }

    List<String> asked() {
        return queries.stream().map(query -> query.reference().toString()).toList();
    }

    @Override
    public CompletionStage<ImageFacts> find(ImageQuery query, Deadline deadline) {
        queries.add(query);
        patience.add(deadline.remaining());
        return answers.getOrDefault(
                query.reference().toString(),
                CompletableFuture.completedFuture(
                        new ImageFacts.Unknown(UnknownCause.NOT_FOUND, "there is no " + query.reference())));
    }
}
