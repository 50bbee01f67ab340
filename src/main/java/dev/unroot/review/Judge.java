package dev.unroot.review;

import dev.unroot.common.Deadline;
import dev.unroot.common.Text;
import dev.unroot.model.Container;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.Pod;
import dev.unroot.model.UnknownCause;
import dev.unroot.policy.ImageNeed;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Brings a pod and what is known of its images together: asks for just the images that a verdict depends on. */
public final class Judge {
    private static final String NAME_IT = "Name the image by registry, repository and digest";

    private final JudgeSettings settings;
    private final ImageUsers images;
    private final ReviewListener listener;

    public Judge(JudgeSettings settings, ImageUsers images, ReviewListener listener) {
        this.settings = settings;
        this.images = images;
        this.listener = listener;
    }

    public JudgeSettings settings() {
        return settings;
    }

    /**
     * Judges a pod, leaving out containers whose image is exempt.
     *
     * @param levels those that findings will be asked at
     * @param admittedBefore containers that already run with this image: for them only memory is asked
     * @return complete already where no registry had to be asked; never fails for an image's or a registry's sake
     */
    public CompletionStage<JudgedPod> judge(
            Pod whole,
            @Nullable String namespace,
            Collection<Level> levels,
            Predicate<Container> admittedBefore,
            Deadline deadline) {
        Pod pod = settings.exemptions().withoutExemptImages(whole);
        List<Container> containers = pod.containers();
        ImageFacts[] facts = new ImageFacts[containers.size()];
        boolean judges = judges(levels);
        List<Platform> platforms = judges ? pod.platforms(settings.platforms()) : List.of();
        CompletableFuture<?> pending = null;
        for (int i = 0; i < facts.length; i++) {
            Container container = containers.get(i);
            ImageNeed need = need(container, pod, levels);
            if (need == ImageNeed.NONE) {
                if (judges) {
                    listener.lookupAvoided();
                }
                continue;
            }
            Deadline patience = admittedBefore.test(container) ? Deadline.passed() : limit(need, deadline);
            CompletableFuture<ImageFacts> answer = find(container, pod, platforms, namespace, patience);
            if (answer.isDone()) {
                facts[i] = answer.join();
            } else {
                int position = i;
                CompletableFuture<Void> stored = answer.thenAccept(found -> facts[position] = found);
                pending = pending == null ? stored : CompletableFuture.allOf(pending, stored);
            }
        }
        return pending == null
                ? CompletableFuture.completedFuture(new JudgedPod(pod, facts, settings, admittedBefore))
                : pending.thenApply(done -> new JudgedPod(pod, facts, settings, admittedBefore));
    }

    private static boolean judges(Collection<Level> levels) {
        for (Level level : levels) {
            if (level != Level.NONE) {
                return true;
            }
        }
        return false;
    }

    private ImageNeed need(Container container, Pod pod, Collection<Level> levels) {
        ImageNeed need = ImageNeed.NONE;
        for (Level level : levels) {
            need = need.max(ImageNeed.of(container, pod, level, settings.policy()));
        }
        return need;
    }

    private Deadline limit(ImageNeed need, Deadline deadline) {
        return need == ImageNeed.ADVISORY ? deadline.within(settings.advisoryWait()) : deadline;
    }

    /** Never fails and never throws: a fault over one image must not lose the verdict on the other containers. */
    private CompletableFuture<ImageFacts> find(
            Container container, Pod pod, List<Platform> platforms, @Nullable String namespace, Deadline deadline) {
        try {
            CompletableFuture<ImageFacts> answer = ask(container, pod, platforms, namespace, deadline);
            return answer.isDone() && !answer.isCompletedExceptionally()
                    ? answer
                    : answer.exceptionally(fault -> Faults.LOGGED.unknown(container.image(), fault));
        } catch (Throwable fault) {
            return CompletableFuture.completedFuture(Faults.LOGGED.unknown(container.image(), fault));
        }
    }

    private CompletableFuture<ImageFacts> ask(
            Container container, Pod pod, List<Platform> platforms, @Nullable String namespace, Deadline deadline) {
        ImageReference reference;
        try {
            reference = ImageReference.parse(container.image());
        } catch (IllegalArgumentException e) {
            String reason = Text.why(e);
            // What is no name at all never starts; what is an ID may well.
            return CompletableFuture.completedFuture(
                    ImageReference.isImageId(container.image())
                            ? new ImageFacts.Unknown(UnknownCause.UNDETERMINABLE, reason, NAME_IT)
                            : new ImageFacts.Unknown(UnknownCause.INVALID_REFERENCE, reason));
        }
        PullIdentity identity = new PullIdentity(namespace, pod.imagePullSecrets(), pod.serviceAccountName());
        ImageQuery query = new ImageQuery(reference, platforms, identity);
        CompletableFuture<ImageFacts> answer = images.find(query, deadline).toCompletableFuture();
        if (!answer.isDone()) {
            // A copy: other reviews may wait for the same answer, and this one's patience is not theirs.
            return answer.copy()
                    .completeOnTimeout(late(reference), deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)
                    .thenApply(this::told);
        }
        told(answer.join());
        return answer;
    }

    private ImageFacts told(ImageFacts facts) {
        listener.imageAnswered(facts);
        return facts;
    }

    private static ImageFacts late(ImageReference reference) {
        return new ImageFacts.Unknown(
                UnknownCause.TIMEOUT,
                "registry " + Text.plain(reference.registry()) + " did not answer in time for " + reference);
    }
}
