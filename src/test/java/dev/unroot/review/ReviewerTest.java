package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.model.Level;
import dev.unroot.review.Decision.Evaluation;
import dev.unroot.review.Decision.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods: modes, floor, defaults, exemptions, updates, and what is not judged at all. */
class ReviewerTest {
    private final Reviews reviews = new Reviews();

    @Test
    void enforceDeniesWithoutWarningsAndAnnotates() {
        Decision decision = reviews.labels("enforce", "nonroot", "warn", "hardened", "audit", "nonroot")
                .review(Reviews.create(Reviews.ROOT_POD));

        assertThat(decision.denial()).startsWith("container \"web\" runs as root");
        assertThat(decision.warnings()).isEmpty();
        assertThat(decision.auditAnnotations())
                .containsEntry("enforce-policy", "nonroot")
                .hasEntrySatisfying("audit-violations", text -> assertThat(text).startsWith("container \"web\" runs"))
                .hasSize(2);
        assertThat(decision.evaluations())
                .containsExactlyInAnyOrder(
                        new Evaluation(Mode.ENFORCE, Level.NONROOT, Outcome.DENY),
                        new Evaluation(Mode.WARN, Level.HARDENED, Outcome.DENY),
                        new Evaluation(Mode.AUDIT, Level.NONROOT, Outcome.DENY));
    }

    @Test
    void warnWarnsAtItsOwnLevel() {
        Decision decision =
                reviews.labels("enforce", "nonroot", "warn", "hardened").review(Reviews.create(Reviews.GOOD_POD));

        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings())
                .hasSize(2)
                .allSatisfy(warning -> assertThat(warning).startsWith("container \"web\" "));
        assertThat(decision.auditAnnotations()).isEqualTo(Map.of("enforce-policy", "nonroot"));
    }

    /** The API server watches namespaces too: where it sends a pod as one to be enforced, an old memory is asked anew. */
    @Test
    void whatTheApiServerTakesForEnforcedIsNotLetThroughByAnOldLabel() {
        AdmissionRequest root = Reviews.create(Reviews.ROOT_POD);
        reviews.labels("enforce", "none");
        reviews.current = CompletableFuture.completedFuture(Map.of("unroot.dev/enforce", "nonroot"));

        assertThat(reviews.review(root).allowed()).as("nobody says otherwise").isTrue();
        assertThat(reviews.review(root.sentAsEnforced()).denial()).contains("runs as root");

        reviews.current = CompletableFuture.completedFuture(Map.of("unroot.dev/enforce", "none"));
        assertThat(reviews.review(root.sentAsEnforced()).allowed()).isTrue();

        reviews.current = CompletableFuture.failedFuture(new IllegalStateException("away"));
        assertThatThrownBy(() -> reviews.review(root.sentAsEnforced())).hasCauseInstanceOf(IllegalStateException.class);
        // Memory that enforces is not asked about.
        reviews.labels("enforce", "nonroot");
        assertThat(reviews.review(root.sentAsEnforced()).denial()).contains("runs as root");
    }

    @Test
    void auditOnlyAnnotates() {
        Decision decision = reviews.labels("audit", "nonroot").review(Reviews.create(Reviews.ROOT_POD));

        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings()).isEmpty();
        assertThat(decision.auditAnnotations()).containsOnlyKeys("audit-violations");
    }

    @Test
    void withoutAnyModeNothingIsSaid() {
        Decision decision = reviews.review(Reviews.create(Reviews.ROOT_POD));

        assertThat(decision).isEqualTo(Decision.NOT_JUDGED);
    }

    @Test
    void defaultsHoldWhereThereIsNoLabel() {
        reviews.defaults = new Modes(Level.NONROOT, Level.NONE, Level.NONE);

        assertThat(reviews.review(Reviews.create(Reviews.ROOT_POD)).allowed()).isFalse();
        assertThat(reviews.labels("enforce", "none")
                        .review(Reviews.create(Reviews.ROOT_POD))
                        .allowed())
                .isTrue();
    }

    @Test
    void noLabelGoesUnderTheFloor() {
        reviews.floor = Level.NONROOT;

        assertThat(reviews.labels("enforce", "none")
                        .review(Reviews.create(Reviews.ROOT_POD))
                        .allowed())
                .isFalse();
    }

    @Test
    void anExemptionGoesUnderTheFloor() {
        reviews.floor = Level.NONROOT;
        reviews.exemptions = Reviews.exempt(Set.of("team"), Set.of(), Set.of());
        Decision decision = reviews.review(Reviews.create(Reviews.ROOT_POD));

        assertThat(decision.allowed()).isTrue();
        assertThat(decision.auditAnnotations()).isEqualTo(Map.of("exempt", "namespace"));
        assertThat(decision.evaluations()).containsExactly(new Evaluation(Mode.ENFORCE, Level.NONE, Outcome.EXEMPT));
    }

    @Test
    void anInvalidLabelEnforcesTheStrictestAndSaysSoInTheAudit() {
        Decision decision = reviews.labels("enforce", "nonrot").review(Reviews.create(Reviews.GOOD_POD));

        assertThat(decision.allowed()).isFalse();
        assertThat(decision.auditAnnotations())
                .containsEntry("enforce-policy", "explicit")
                .hasEntrySatisfying("error", text -> assertThat(text).contains("nonrot", "reads as explicit"));
    }

    @Test
    void aPodWhoseNamespaceCannotBeReadIsAFailure() {
        reviews.labels = CompletableFuture.failedFuture(new IllegalStateException("no answer"));

        assertThatThrownBy(() -> reviews.review(Reviews.create(Reviews.GOOD_POD)))
                .hasRootCauseMessage("no answer");
    }

    @ParameterizedTest
    @CsvSource({"DENY, false, 0", "WARN, true, 1", "ALLOW, true, 0"})
    void anUnverifiedImageIsAsTheOperatorSays(OnUnverified reaction, boolean allowed, int warnings) {
        reviews.onUnverified = reaction;
        reviews.images.put("docker.io/library/nginx:1.27", FakeImages.unreachable());
        Decision decision = reviews.labels("enforce", "nonroot").review(Reviews.create(Reviews.IMAGE_POD));

        assertThat(decision.allowed()).isEqualTo(allowed);
        assertThat(decision.warnings()).hasSize(warnings);
    }

    @Test
    void theSameWarningIsGivenOnce() {
        reviews.onUnverified = OnUnverified.WARN;
        reviews.images.put("docker.io/library/nginx:1.27", FakeImages.unreachable());
        Decision decision =
                reviews.labels("enforce", "nonroot", "warn", "nonroot").review(Reviews.create(Reviews.IMAGE_POD));

        assertThat(decision.warnings()).hasSize(1);
    }

    /** Whoever counts violations in the audit log counts nothing else. */
    @Test
    void theAuditLogIsToldEachKindUnderItsOwnKey() {
        reviews.images.put("docker.io/library/root:1", FakeImages.root());
        reviews.images.put("docker.io/library/user:1", FakeImages.nonRoot());
        Decision decision = reviews.labels("audit", "nonroot")
                .review(Reviews.create(Reviews.pod(
                        "{name: a, image: 'user:1'}",
                        "{name: b, image: 'root:1', securityContext: {runAsNonRoot: true}}",
                        "{name: c, image: 'root:1'}",
                        "{name: d, image: 'lost:1'}")));

        assertThat(decision.auditAnnotations())
                .containsOnlyKeys("audit-violations", "audit-will-not-start", "audit-advice")
                .hasEntrySatisfying(
                        "audit-violations",
                        text -> assertThat(text)
                                .matches("container \"c\" runs as root: .* container \"d\" could not be verified: .*")
                                .doesNotContain("container \"a\"", "container \"b\""))
                .hasEntrySatisfying(
                        "audit-will-not-start",
                        text -> assertThat(text)
                                .startsWith("container \"b\" will not start: ")
                                .doesNotContain("container \"a\"", "container \"c\"", "container \"d\""))
                .hasEntrySatisfying(
                        "audit-advice",
                        text -> assertThat(text)
                                .startsWith("container \"a\" runs as uid 1000 only because ")
                                .doesNotContain("container \"b\"", "container \"c\"", "container \"d\""));
    }

    @Test
    void adviceAloneIsNoViolation() {
        reviews.images.put("docker.io/library/nginx:1.27", FakeImages.nonRoot());
        Decision decision = reviews.labels("audit", "nonroot").review(Reviews.create(Reviews.IMAGE_POD));

        assertThat(decision.auditAnnotations()).containsOnlyKeys("audit-advice");
    }

    @Test
    void whatWillNotStartIsAWarningAndNoDenial() {
        reviews.images.put("docker.io/library/nginx:1.27", FakeImages.root());
        Decision decision = reviews.labels("enforce", "nonroot", "warn", "nonroot", "audit", "nonroot")
                .review(Reviews.create(
                        Reviews.pod("{name: web, image: 'nginx:1.27', securityContext: {runAsNonRoot: true}}")));

        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings()).singleElement().asString().contains("will not start");
        assertThat(decision.auditAnnotations()).containsOnlyKeys("audit-will-not-start", "enforce-policy");
        assertThat(decision.evaluations()).extracting(Evaluation::outcome).containsOnly(Outcome.ALLOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "CONNECT"})
    void otherOperationsAreNotJudged(String operation) {
        reviews.floor = Level.EXPLICIT;

        assertThat(reviews.review(Reviews.request("Pod", "", operation, Reviews.ROOT_POD, null)))
                .isEqualTo(Decision.NOT_JUDGED);
        assertThat(reviews.review(Reviews.request("Pod", "", operation, null, Reviews.ROOT_POD)))
                .isEqualTo(Decision.NOT_JUDGED);
    }

    @Test
    void whatMakesNoPodIsNotJudged() {
        reviews.floor = Level.EXPLICIT;

        assertThat(reviews.review(Reviews.request("Service", "", "CREATE", "{spec: {ports: []}}", null)))
                .isEqualTo(Decision.NOT_JUDGED);
        assertThat(reviews.review(Reviews.request("Deployment", "scale", "UPDATE", null, null)))
                .isEqualTo(Decision.NOT_JUDGED);
    }

    @Test
    void aPodThatIsGoingAwayMayGo() {
        String going =
                "{metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {containers: [{name: web, image: b,"
                        + " securityContext: {runAsUser: 0}}]}}";
        reviews.floor = Level.EXPLICIT;

        assertThat(reviews.review(Reviews.update(Reviews.ROOT_POD, going))).isEqualTo(Decision.NOT_JUDGED);
        assertThat(reviews.review(Reviews.create(going)).allowed()).isFalse();
    }

    @Test
    void anUpdateThatChangesNoContainerIsNotJudged() {
        String labelled = Reviews.ROOT_POD.replace("{name: web}", "{name: web, labels: {a: b}}");
        reviews.floor = Level.EXPLICIT;

        assertThat(reviews.review(Reviews.update(Reviews.ROOT_POD, labelled))).isEqualTo(Decision.NOT_JUDGED);
        assertThat(reviews.review(Reviews.request("Pod", "resize", "UPDATE", labelled, Reviews.ROOT_POD)))
                .isEqualTo(Decision.NOT_JUDGED);
    }

    /** API servers are told not to send such updates: what is said outside of a spec changes no verdict on a pod that is there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "labels: {unroot.dev/enforce: none}",
                "annotations: {kubernetes.io/config.mirror: abc}",
                "finalizers: [example.org/held]",
                "ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: a, uid: b, controller: true}]",
                "generateName: web-",
            })
    void noUpdateOfMetadataAloneIsJudged(String field) {
        String changed = Reviews.ROOT_POD.replace("{name: web}", "{name: web, " + field + "}");
        reviews.floor = Level.EXPLICIT;
        reviews.exemptions = Reviews.exempt(Set.of(), Set.of("alice"), Set.of());

        for (AdmissionRequest update :
                List.of(Reviews.update(Reviews.ROOT_POD, changed), Reviews.update(changed, Reviews.ROOT_POD))) {
            assertThat(reviews.review(update)).isEqualTo(Decision.NOT_JUDGED);
            assertThat(reviews.review(Reviews.by(update, "bob", "system:authenticated")))
                    .isEqualTo(Decision.NOT_JUDGED);
            assertThat(reviews.review(Reviews.by(update, "system:node:a", "system:nodes")))
                    .isEqualTo(Decision.NOT_JUDGED);
        }
    }

    @Test
    void aNewImageMakesAnUpdateSignificant() {
        reviews.floor = Level.NONROOT;
        String renewed = Reviews.ROOT_POD.replace("1.27", "1.28");

        assertThat(reviews.review(Reviews.update(Reviews.ROOT_POD, renewed)).allowed())
                .isFalse();
    }

    /** The whole pod is judged, not only the container that is new. */
    @Test
    void anEphemeralContainerIsJudgedInItsPod() {
        reviews.floor = Level.NONROOT;
        String debug = ", ephemeralContainers: [{name: debug, image: x, securityContext: {runAsUser: %d}}]}}";
        String good = Reviews.GOOD_POD.substring(0, Reviews.GOOD_POD.length() - 2);
        String root = Reviews.ROOT_POD.substring(0, Reviews.ROOT_POD.length() - 2);

        assertThat(reviews.review(ephemeral(Reviews.GOOD_POD, good + debug.formatted(5)))
                        .allowed())
                .isTrue();
        assertThat(reviews.review(ephemeral(Reviews.GOOD_POD, good + debug.formatted(0)))
                        .denial())
                .startsWith("ephemeral container \"debug\" runs as root");
        assertThat(reviews.review(ephemeral(Reviews.ROOT_POD, root + debug.formatted(5)))
                        .denial())
                .startsWith("container \"web\" runs as root");
    }

    private static AdmissionRequest ephemeral(String before, String after) {
        return Reviews.request("Pod", "ephemeralcontainers", "UPDATE", after, before);
    }

    @Test
    void onlyANodesMirrorPodIsNeverDenied() {
        String mirror =
                Reviews.ROOT_POD.replace("{name: web}", "{name: web, annotations: {kubernetes.io/config.mirror: abc}}");
        AdmissionRequest bySomeone = Reviews.create(mirror);
        AdmissionRequest byNode = Reviews.by(bySomeone, "system:node:n1", "system:nodes", "system:authenticated");
        reviews.labels("enforce", "nonroot", "warn", "nonroot");

        assertThat(reviews.review(bySomeone).allowed()).isFalse();
        assertThat(reviews.review(byNode).allowed()).isTrue();
        assertThat(reviews.review(byNode).warnings()).hasSize(1);
        assertThat(reviews.review(byNode).auditAnnotations()).isEmpty();
        assertThat(reviews.review(Reviews.by(Reviews.create(Reviews.ROOT_POD), "system:node:n1", "system:nodes"))
                        .allowed())
                .isFalse();
    }

    @Test
    void anExemptPersonIsNamedAsTheReason() {
        reviews.exemptions = Reviews.exempt(Set.of(), Set.of("system:serviceaccount:ci:robot"), Set.of());
        reviews.labels("enforce", "explicit", "warn", "explicit");
        AdmissionRequest request = Reviews.by(Reviews.create(Reviews.ROOT_POD), "system:serviceaccount:ci:robot");

        assertThat(reviews.review(request))
                .isEqualTo(new Decision(
                        null,
                        List.of(),
                        Map.of("exempt", "user"),
                        List.of(new Evaluation(Mode.ENFORCE, Level.NONE, Outcome.EXEMPT))));
    }
}
