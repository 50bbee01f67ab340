package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Controllers: warned about, and denied only where the operator wants it and only when it is their change. */
class WorkloadReviewTest {
    private static final String ROOT = "{containers: [{name: web, securityContext: {runAsUser: 0}}]}";
    private static final String GOOD = "{containers: [{name: web, securityContext: {runAsUser: 1}}]}";

    private final Reviews reviews = new Reviews().labels("enforce", "nonroot", "warn", "nonroot", "audit", "nonroot");

    @ParameterizedTest
    @ValueSource(strings = {"CREATE", "UPDATE"})
    void aControllerIsWarnedAboutOnly(String operation) {
        Decision decision = reviews.review(
                Reviews.request("Deployment", "", operation, Reviews.deployment(ROOT), Reviews.deployment(GOOD)));

        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings())
                .singleElement()
                .asString()
                .contains("spec.template.spec.containers[0].securityContext.runAsUser is 0");
        assertThat(decision.auditAnnotations()).containsOnlyKeys("audit-violations");
    }

    @Test
    void whereWorkloadsAreEnforcedCreatingIsDenied() {
        reviews.enforceWorkloads = true;

        assertThat(deployment("CREATE", ROOT, null).allowed()).isFalse();
        assertThat(deployment("CREATE", GOOD, null).allowed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{containers: [{name: web, securityContext: {runAsUser: 1}}]}                            | false",
                "{containers: [{name: web, image: b, securityContext: {runAsUser: 0}}]}                  | false",
                "{containers: [{name: web, securityContext: {runAsUser: 0}}], hostUsers: true}           | false",
                "{containers: [{name: web, securityContext: {runAsUser: 0}}]}                            | true",
                "{containers: [{name: web, securityContext: {runAsUser: 0}, env: [{name: A}]}]}          | true",
                "{containers: [{name: web, securityContext: {runAsUser: 0, seccompProfile: {}}}]}        | true",
                "{containers: [{name: web, securityContext: {runAsUser: 0}}], terminationGracePeriodSeconds: 5} | true",
            })
    void anUpdateIsDeniedOnlyWhereItChangesWhatIsJudged(String before, boolean allowed) {
        reviews.enforceWorkloads = true;

        assertThat(deployment("UPDATE", ROOT, before).allowed()).isEqualTo(allowed);
    }

    @Test
    void whatWasThereBeforeIsStillWarnedAbout() {
        reviews.enforceWorkloads = true;
        Decision decision = deployment("UPDATE", ROOT, ROOT);

        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings()).hasSize(1);
    }

    private Decision deployment(String operation, String spec, String before) {
        return reviews.review(Reviews.request(
                "Deployment",
                "",
                operation,
                Reviews.deployment(spec),
                before == null ? null : Reviews.deployment(before)));
    }

    @Test
    void anOwnedControllerIsItsOwnersMatter() {
        reviews.enforceWorkloads = true;
        String owned =
                "{metadata: {ownerReferences: [{apiVersion: %s, kind: %s}]}, spec: {template: {spec: " + ROOT + "}}}";

        assertThat(replicaSet(owned.formatted("apps/v1", "Deployment")).allowed())
                .isTrue();
        assertThat(replicaSet(owned.formatted("apps/v1beta1", "Deployment")).allowed())
                .isTrue();
        assertThat(replicaSet(owned.formatted("example.org/v1", "Deployment")).allowed())
                .isFalse();
        reviews.templates =
                new PodTemplates(List.of(new PodTemplates.Custom("example.org/v1", "Deployment", "spec.template")));
        assertThat(replicaSet(owned.formatted("example.org/v1", "Deployment")).allowed())
                .isTrue();
    }

    private Decision replicaSet(String object) {
        return reviews.review(Reviews.request("ReplicaSet", "", "CREATE", object, null));
    }

    @Test
    void aControllerThatIsGoingAwayMayGo() {
        reviews.enforceWorkloads = true;
        String going =
                "{metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {template: {spec: " + ROOT + "}}}";

        assertThat(reviews.review(Reviews.request("Deployment", "", "UPDATE", going, Reviews.deployment(GOOD))))
                .isEqualTo(Decision.NOT_JUDGED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Deployment",
                "ReplicaSet",
                "StatefulSet",
                "DaemonSet",
                "Job",
                "ReplicationController",
                "PodTemplate",
                "CronJob"
            })
    void everyControllerIsJudged(String kind) {
        String template = "{spec: " + ROOT + "}";
        String object =
                switch (kind) {
                    case "PodTemplate" -> "{template: " + template + "}";
                    case "CronJob" -> "{spec: {jobTemplate: {spec: {template: " + template + "}}}}";
                    default -> "{spec: {template: " + template + "}}";
                };

        assertThat(reviews.review(Reviews.request(kind, "", "CREATE", object, null))
                        .warnings())
                .hasSize(1);
    }

    /** Its pods are judged once they come; nobody's rollout waits for our cache. */
    @Test
    void aControllerWhoseNamespaceCannotBeReadIsAdmitted() {
        reviews.enforceWorkloads = true;
        reviews.floor = Level.EXPLICIT;
        reviews.labels = CompletableFuture.failedFuture(new IllegalStateException("no answer"));
        Decision decision = deployment("CREATE", ROOT, null);

        assertThat(decision.allowed()).isTrue();
        assertThat(decision.auditAnnotations()).isEqualTo(Map.of("error", "namespace team could not be read"));
    }
}
