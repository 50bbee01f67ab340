package dev.unroot.command;

import dev.unroot.common.Deadline;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.Pod;
import dev.unroot.model.UnknownCause;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.review.Exemptions;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageUsers;
import dev.unroot.review.Judge;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.ModeLabels;
import dev.unroot.review.Modes;
import dev.unroot.review.OnUnverified;
import dev.unroot.review.ReviewListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Answers from a table of images, and remembers what it was asked for. */
final class FakeServices implements Services {
    static final String DIGEST = "sha256:" + "ab".repeat(32);
    static final Platform AMD64 = Platform.parse("linux/amd64");
    static final Platform ARM64 = Platform.parse("linux/arm64");

    private final Map<String, ImageFacts> images = new HashMap<>();
    private final Map<String, Level> levels = new HashMap<>();
    private Exemptions exemptions = Exemptions.NONE;
    private OnUnverified unverified = OnUnverified.DENY;

    @Nullable
    UsageException refusal;

    @Nullable
    RuntimeException fault;

    /** Elsewhere than over an image. */
    @Nullable
    RuntimeException judgingFault;

    int serveStatus;

    @Nullable
    CheckOptions checked;

    @Nullable
    Path inspected;

    @Nullable
    ServeOptions served;

    List<Platform> platforms = List.of();
    int closed;
    final AtomicInteger atOnce = new AtomicInteger();
    final AtomicInteger mostAtOnce = new AtomicInteger();
    int slowness;

    FakeServices image(String reference, ImageUser... users) {
        List<Platform> offered = List.of(AMD64, ARM64);
        List<PlatformUser> platformUsers = new java.util.ArrayList<>();
        for (int i = 0; i < users.length; i++) {
            platformUsers.add(new PlatformUser(offered.get(i), users[i]));
        }
        return facts(reference, new ImageFacts.Known(DIGEST, Confidence.TAG, platformUsers, List.of()));
    }

    FakeServices facts(String reference, ImageFacts facts) {
        ImageReference full = reference.startsWith("@")
                ? ImageReference.parseDigestAlone(reference)
                : ImageReference.parse(reference);
        images.put(full.toString(), facts);
        return this;
    }

    FakeServices level(String namespace, Level level) {
        levels.put(namespace, level);
        return this;
    }

    FakeServices exemptNamespace(String namespace) {
        exemptions = new Exemptions(Set.of(namespace), Set.of(), Set.of(), List.of());
        return this;
    }

    FakeServices unverified(OnUnverified reaction) {
        unverified = reaction;
        return this;
    }

    private ImageFacts find(ImageReference reference) {
        if (fault != null) {
            throw fault;
        }
        return images.getOrDefault(
                reference.toString(),
                new ImageFacts.Unknown(
                        UnknownCause.NOT_FOUND, "registry " + reference.registry() + " has no image " + reference));
    }

    @Override
    public SubjectJudge judging(CheckOptions options) throws UsageException {
        checked = options;
        if (refusal != null) {
            throw refusal;
        }
        JudgeSettings settings = new JudgeSettings(
                PolicyOptions.DEFAULT, exemptions, List.of(AMD64), Duration.ofSeconds(1), Map.of(), unverified);
        Judge judge = new Judge(settings, new Images(), ReviewListener.NONE);
        return new SubjectJudge() {
            @Override
            public Judge judge() {
                return judge;
            }

            @Override
            public PodTemplates templates() {
                return PodTemplates.BUILT_IN;
            }

            @Override
            public Level level(@Nullable String namespace, Map<String, String> labels) {
                Level otherwise = levels.getOrDefault(String.valueOf(namespace), Level.NONROOT);
                return ModeLabels.read(labels, Modes.NONE.enforcing(otherwise), Level.NONE)
                        .modes()
                        .enforce();
            }

            @Override
            public @Nullable String exemption(@Nullable String namespace, Pod pod) {
                if (judgingFault != null) {
                    throw judgingFault;
                }
                return exemptions.reason(namespace, null, pod);
            }

            @Override
            public Duration timeLimit() {
                return Duration.ofSeconds(30);
            }

            @Override
            public void close() {
                closed++;
            }
        };
    }

    private final class Images implements ImageUsers {
        @Override
        public CompletionStage<ImageFacts> find(ImageQuery query, Deadline deadline) {
            if (slowness == 0) {
                return CompletableFuture.completedFuture(FakeServices.this.find(query.reference()));
            }
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            return CompletableFuture.supplyAsync(
                    () -> {
                        atOnce.decrementAndGet();
                        return FakeServices.this.find(query.reference());
                    },
                    CompletableFuture.delayedExecutor(slowness, TimeUnit.MILLISECONDS));
        }
    }

    @Override
    public ImageInspector images(@Nullable Path layout) throws UsageException {
        inspected = layout;
        if (refusal != null) {
            throw refusal;
        }
        return new ImageInspector() {
            @Override
            public CompletionStage<ImageFacts> inspect(
                    ImageReference reference, List<Platform> wanted, Deadline deadline) {
                platforms = wanted;
                return CompletableFuture.completedFuture(find(reference));
            }

            @Override
            public List<String> all() {
                return layout == null ? List.of() : List.copyOf(images.keySet());
            }

            @Override
            public void close() {
                closed++;
            }
        };
    }

    @Override
    public int serve(ServeOptions options) throws UsageException {
        served = options;
        if (refusal != null) {
            throw refusal;
        }
        return serveStatus;
    }

    /** What the API server says to a root pod, one answer after the other, the last for good; an empty one admits it. */
    List<String> refusals = List.of("");

    int asked;

    @Nullable
    String withdrawn;

    @Override
    public ClusterTasks cluster() throws UsageException {
        if (refusal != null) {
            throw refusal;
        }
        return new ClusterTasks() {
            @Override
            public @Nullable String refusalOfARootPod(String namespace) {
                String answer = refusals.get(Math.min(asked++, refusals.size() - 1));
                return answer.isEmpty() ? null : answer.replace("NAMESPACE", namespace);
            }

            @Override
            public boolean deleteWebhookConfiguration(String name) {
                withdrawn = name;
                return !name.equals("missing");
            }

            @Override
            public void close() {
                closed++;
            }
        };
    }
}
