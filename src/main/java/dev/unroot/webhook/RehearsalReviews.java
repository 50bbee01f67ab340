package dev.unroot.webhook;

import dev.unroot.common.Deadline;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Account;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.UnknownCause;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.review.Exemptions;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.Mode;
import dev.unroot.review.Modes;
import dev.unroot.review.OnUnverified;
import dev.unroot.review.ReviewListener;
import dev.unroot.review.ReviewSettings;
import dev.unroot.review.Reviewer;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** What a {@link Rehearsal} is played with: reviews that lead through most of the code, and a world of their own. */
final class RehearsalReviews {
    private static final String GOOD = """
            "runAsNonRoot":true,"runAsUser":1000,"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}""";
    private static final String BAD = """
            "runAsUser":0,"privileged":true,"allowPrivilegeEscalation":true,"capabilities":{"add":["SYS_ADMIN"]}""";
    private static final String ESCALATING = """
            "capabilities":{"drop":["ALL"],"add":["NET_ADMIN"]}""";
    private static final String NON_ROOT = """
            "runAsNonRoot":true""";
    /** More than is read on an event loop. */
    private static final int LARGE = 200_000;

    private RehearsalReviews() {}

    /** Judges the namespaces that are called as the levels are, by all modes at that level. */
    static Reviewer reviewer(ReviewListener listener) {
        JudgeSettings judging = new JudgeSettings(
                PolicyOptions.DEFAULT,
                Exemptions.NONE,
                List.of(Platform.parse("linux/amd64")),
                Duration.ofSeconds(1),
                Map.of(),
                OnUnverified.DENY);
        return new Reviewer(
                new ReviewSettings(judging, Modes.NONE, Level.NONE, PodTemplates.BUILT_IN, true),
                (namespace, deadline) -> CompletableFuture.completedFuture(Map.of(
                        Mode.ENFORCE.namespaceLabel(), namespace,
                        Mode.WARN.namespaceLabel(), namespace,
                        Mode.AUDIT.namespaceLabel(), namespace)),
                RehearsalReviews::user,
                listener);
    }

    /** By the repository's name; one of them takes a moment, as a registry does. */
    private static CompletionStage<ImageFacts> user(ImageQuery query, Deadline deadline) {
        return switch (query.reference().repository()) {
            case "number" -> known(query, new ImageUser.Numeric("1000", 1000L, null));
            case "name" -> known(query, new ImageUser.Named("app", new Account.Row(1000, 1000, true)));
            case "slow" ->
                new CompletableFuture<ImageFacts>()
                        .completeOnTimeout(
                                new ImageFacts.Unknown(UnknownCause.TIMEOUT, "registry did not answer in time"),
                                1,
                                TimeUnit.MILLISECONDS);
            default -> known(query, new ImageUser.Unset("", null));
        };
    }

    private static CompletionStage<ImageFacts> known(ImageQuery query, ImageUser user) {
        List<PlatformUser> users = query.platforms().stream()
                .map(platform -> new PlatformUser(platform, user))
                .toList();
        return CompletableFuture.completedFuture(
                new ImageFacts.Known("sha256:" + "0".repeat(64), Confidence.TAG, users, List.of()));
    }

    /**
     * Bodies of requests, all of which are answered with a review: allowed or denied, with warnings and annotations. Those
     * that lead through most of the code come first, for there may be time for a few only.
     */
    static List<Buffer> bodies() {
        List<Buffer> bodies = new ArrayList<>();
        for (Level level : List.of(Level.EXPLICIT, Level.NONROOT, Level.HARDENED, Level.NONE)) {
            for (String image : List.of("number", "name", "none", "slow")) {
                bodies.add(pod(level, "CREATE", podSpec(image, ""), "null"));
            }
            for (String context : List.of(GOOD, BAD, ESCALATING, NON_ROOT)) {
                bodies.add(pod(level, "CREATE", podSpec("name", context), "null"));
            }
            bodies.add(pod(level, "UPDATE", podSpec("none", ESCALATING), podObject(podSpec("number", GOOD))));
            bodies.add(deployment(level, podSpec("none", BAD)));
            bodies.add(namespace(level));
        }
        bodies.add(Buffer.buffer(" ".repeat(LARGE)).appendBuffer(bodies.get(0)));
        return bodies;
    }

    private static Buffer pod(Level level, String operation, String spec, String before) {
        return review("", "v1", "Pod", "pods", level.label(), operation, podObject(spec), before);
    }

    private static Buffer deployment(Level level, String spec) {
        String object = """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"app"},
                 "spec":{"replicas":1,"template":{"metadata":{"labels":{"app":"app"}},"spec":%s}}}""".formatted(spec);
        return review("apps", "v1", "Deployment", "deployments", level.label(), "CREATE", object, "null");
    }

    private static Buffer namespace(Level level) {
        String object = """
                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"%s","labels":{"%s":"%s","unroot.dev/other":"a"}}}""".formatted(level.label(), Mode.ENFORCE.namespaceLabel(), level.label());
        return review("", "v1", "Namespace", "namespaces", "", "CREATE", object, "null");
    }

    private static String podObject(String spec) {
        return """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"app","labels":{"app":"app"},
                 "managedFields":[{"manager":"kubectl","operation":"Update","fieldsV1":{"f:spec":{"f:containers":{}}}}]},
                 "spec":%s,"status":{}}""".formatted(spec);
    }

    private static String podSpec(String image, String context) {
        String container = """
                {"name":"app","image":"registry.invalid/%s:1","args":["--verbose"],"env":[{"name":"A","value":"b"}],
                 "resources":{"limits":{"memory":"64Mi"}},"volumeMounts":[{"name":"data","mountPath":"/data"}],
                 "securityContext":{%s}}""".formatted(image, context);
        return """
                {"serviceAccountName":"default","nodeSelector":{"kubernetes.io/os":"linux"},"initContainers":[%s],
                 "containers":[%s,%s],"volumes":[{"name":"data","emptyDir":{}}],"securityContext":{"fsGroup":1000}}""".formatted(container, container, container);
    }

    private static Buffer review(
            String group,
            String version,
            String kind,
            String plural,
            String namespace,
            String operation,
            String object,
            String before) {
        return Buffer.buffer(
                """
                {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"warm-up",
                 "kind":{"group":"%s","version":"%s","kind":"%s"},
                 "resource":{"group":"%s","version":"%s","resource":"%s"},
                 "name":"app","namespace":"%s","operation":"%s","userInfo":{"username":"warm-up","groups":["a"]},
                 "object":%s,"oldObject":%s,"dryRun":false,"options":{}}}""".formatted(group, version, kind, group, version, plural, namespace, operation, object, before));
    }
}
