package dev.unroot.review;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.common.Deadline;
import dev.unroot.manifest.ManifestException;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.SubjectReader;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.Subject;
import dev.unroot.policy.PolicyOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A namespace's modes and the operator's settings, to be put together test by test, and requests to review. */
final class Reviews {
    static final String ROOT_POD = pod("{name: web, image: 'nginx:1.27', securityContext: {runAsUser: 0}}");
    static final String GOOD_POD = pod("{name: web, image: 'nginx:1.27', securityContext: {runAsUser: 101}}");
    static final String IMAGE_POD = pod("{name: web, image: 'nginx:1.27'}");

    private static final ObjectMapper JSON = new ObjectMapper();

    final FakeImages images = new FakeImages();
    /** Whom to ask instead. */
    ImageUsers users = images;

    CompletionStage<Map<String, String>> labels = CompletableFuture.completedFuture(Map.of());
    /** At this moment, where memory is old; null where that is the same. */
    @Nullable
    CompletionStage<Map<String, String>> current;

    List<Platform> platforms = List.of(Platform.parse("linux/amd64"));
    Modes defaults = Modes.NONE;
    Level floor = Level.NONE;
    boolean enforceWorkloads;
    PodTemplates templates = PodTemplates.BUILT_IN;
    Exemptions exemptions = Exemptions.NONE;
    PolicyOptions policy = PolicyOptions.DEFAULT;
    Duration advisoryWait = Duration.ofSeconds(1);
    OnUnverified onUnverified = OnUnverified.DENY;
    ExistingPods pods = ExistingPods.NONE;
    ReviewListener listener = ReviewListener.NONE;
    Deadline deadline = Deadline.in(Duration.ofSeconds(10));

    Reviews labels(String... pairs) {
        Map<String, String> read = new java.util.HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            read.put(ModeLabels.PREFIX + pairs[i], pairs[i + 1]);
        }
        labels = CompletableFuture.completedFuture(read);
        return this;
    }

    CompletableFuture<Decision> start(AdmissionRequest request) {
        JudgeSettings judging = new JudgeSettings(
                policy,
                exemptions,
                platforms,
                advisoryWait,
                new EnumMap<>(dev.unroot.model.UnknownCause.class),
                onUnverified);
        return new Reviewer(
                        new ReviewSettings(judging, defaults, floor, templates, enforceWorkloads),
                        new Namespaces() {
                            @Override
                            public CompletionStage<Map<String, String>> labels(String namespace, Deadline until) {
                                return labels;
                            }

                            @Override
                            public CompletionStage<Map<String, String>> current(String namespace, Deadline until) {
                                return current == null ? labels : current;
                            }
                        },
                        pods,
                        users,
                        listener)
                .review(request, deadline)
                .toCompletableFuture();
    }

    Decision review(AdmissionRequest request) {
        return start(request).join();
    }

    static String pod(String... containers) {
        return "{metadata: {name: web}, spec: {containers: [" + String.join(", ", containers) + "]}}";
    }

    static String deployment(String podSpec) {
        return "{metadata: {name: web}, spec: {template: {spec: " + podSpec + "}}}";
    }

    static AdmissionRequest create(String pod) {
        return request("Pod", "", "CREATE", pod, null);
    }

    static AdmissionRequest update(String before, String after) {
        return request("Pod", "", "UPDATE", after, before);
    }

    static AdmissionRequest request(
            String kind, String subresource, String operation, @Nullable String object, @Nullable String oldObject) {
        TypeMeta type = new TypeMeta(
                switch (kind) {
                    case "Pod", "Namespace", "Service", "PodTemplate", "ReplicationController" -> "v1";
                    case "Job", "CronJob" -> "batch/v1";
                    default -> "apps/v1";
                },
                kind);
        return new AdmissionRequest(
                type,
                kind.toLowerCase(java.util.Locale.ROOT) + "s",
                subresource,
                "team",
                operation,
                "alice",
                List.of("system:authenticated"),
                subject(type, object),
                subject(type, oldObject),
                false);
    }

    /** The same, sent by someone else. */
    static AdmissionRequest by(AdmissionRequest request, String username, String... groups) {
        return new AdmissionRequest(
                request.type(),
                request.resource(),
                request.subresource(),
                request.namespace(),
                request.operation(),
                username,
                List.of(groups),
                request.object(),
                request.oldObject(),
                request.enforced());
    }

    /** @param object a line of YAML */
    private static @Nullable Subject subject(TypeMeta type, @Nullable String object) {
        if (object == null) {
            return null;
        }
        Object tree = new org.yaml.snakeyaml.Yaml().load(object);
        try (JsonParser parser = JSON.createParser(JSON.writeValueAsBytes(tree))) {
            parser.nextToken();
            return new SubjectReader(PodTemplates.BUILT_IN).read(parser, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ManifestException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static Exemptions exempt(Set<String> namespaces, Set<String> usernames, Set<String> runtimeClasses) {
        return new Exemptions(namespaces, usernames, runtimeClasses, List.of());
    }
}
