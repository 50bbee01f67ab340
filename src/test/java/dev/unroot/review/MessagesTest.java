package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Container;
import dev.unroot.model.ContainerType;
import dev.unroot.model.EffectiveContext;
import dev.unroot.model.FieldPath;
import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.Level;
import dev.unroot.model.SecurityContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people read, to the letter. */
class MessagesTest {
    @Test
    void oneFindingIsOneLine() {
        Reviews reviews = new Reviews().labels("enforce", "nonroot");
        reviews.images.put("docker.io/library/nginx:1.27", FakeImages.root());

        assertThat(reviews.review(Reviews.create(Reviews.IMAGE_POD)).denial())
                .isEqualTo("container \"web\" runs as root: image docker.io/library/nginx:1.27 sets no USER. Rebuild it"
                        + " with a numeric USER, or set securityContext.runAsUser to a uid it works with.");
    }

    @Test
    void severalContainersAreALineEachAndSeveralFindingsAList() {
        Reviews reviews = new Reviews().labels("enforce", "hardened");
        reviews.images.put("docker.io/library/nginx:1.27", FakeImages.root());
        String pod = "{spec: {containers: [{name: web, image: 'nginx:1.27'}, {name: agent, securityContext:"
                + " {runAsUser: 1000, privileged: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}],"
                + " initContainers: [{name: setup, securityContext: {runAsUser: 0, allowPrivilegeEscalation: false,"
                + " capabilities: {drop: [ALL]}}}]}}";

        assertThat(reviews.review(Reviews.create(pod)).denial()).isEqualTo("""
                        init container "setup" runs as root: spec.initContainers[0].securityContext.runAsUser is 0. Set it to a uid from 1 to 2147483647 that the image works with, or remove it if the image has a numeric USER.
                        container "web":
                          - runs as root: image docker.io/library/nginx:1.27 sets no USER. Rebuild it with a numeric USER, or set securityContext.runAsUser to a uid it works with.
                          - may gain privileges: spec.containers[0].securityContext.allowPrivilegeEscalation is not set. Set it to false.
                          - keeps capabilities: spec.containers[0].securityContext.capabilities.drop is not set. Set it to [ALL].
                        container "agent" has all of the node's privileges: spec.containers[1].securityContext.privileged is true. Remove it.""");
    }

    @Test
    void whatIsAboutThePodStandsUnderThePod() {
        Reviews reviews = new Reviews().labels("enforce", "explicit");
        String pod = "{spec: {securityContext: {runAsNonRoot: false, runAsUser: 0}, containers: []}}";

        assertThat(reviews.review(Reviews.create(pod)).denial()).isEqualTo("""
                        pod:
                          - may run containers as root: spec.securityContext.runAsNonRoot is false. Set it to true.
                          - runs containers as root: spec.securityContext.runAsUser is 0. Set it to a uid from 1 to 2147483647 that the image works with, or remove it if the image has a numeric USER.""");
    }

    @Test
    void aStrangersNameCannotForgeALine() {
        Reviews reviews = new Reviews().labels("enforce", "nonroot");
        String pod = Reviews.pod("{name: \"x\\nok\\u001b[31m\", securityContext: {runAsUser: 0}}");

        assertThat(reviews.review(Reviews.create(pod)).denial())
                .startsWith("container \"x\\nok\\u{1b}[31m\" runs as root")
                .doesNotContain("\n", "\u001b");
    }

    @Test
    void warningsTellTheWorstFirstAndThreePiecesOfAdviceAtMost() {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            findings.add(finding(FindingKind.ADVICE, "a" + i));
        }
        for (int i = 0; i < 5; i++) {
            findings.add(finding(FindingKind.WILL_NOT_START, "w" + i));
        }
        findings.add(finding(FindingKind.VIOLATION, "v"));

        assertThat(Messages.warnings(findings))
                .containsExactly(
                        "container \"v\" is so. Mend it.",
                        "container \"w0\" is so. Mend it.",
                        "container \"w1\" is so. Mend it.",
                        "container \"w2\" is so. Mend it.",
                        "container \"w3\" is so. Mend it.",
                        "container \"w4\" is so. Mend it.",
                        "container \"a0\" is so. Mend it.",
                        "container \"a1\" is so. Mend it.",
                        "container \"a2\" is so. Mend it.");
        assertThat(String.join(" ", Messages.warnings(findings.subList(4, 6))))
                .isEqualTo("container \"w0\" is so. Mend it. container \"a4\" is so. Mend it.");
    }

    @Test
    void nothingFoundIsNothingSaid() {
        assertThat(Messages.warnings(List.of())).isEmpty();
        assertThat(new Reviews()
                        .labels("enforce", Level.EXPLICIT.label(), "audit", "explicit")
                        .review(Reviews.create(Reviews.pod())))
                .satisfies(decision -> {
                    assertThat(decision.allowed()).isTrue();
                    assertThat(decision.auditAnnotations()).containsOnlyKeys("enforce-policy");
                });
    }

    private static Finding finding(FindingKind kind, String name) {
        FieldPath path = FieldPath.of("spec").item("containers", 0);
        Container container = new Container(
                ContainerType.APP, name, "", path, SecurityContext.EMPTY, new EffectiveContext(null, null, null, null));
        return Finding.of("check", kind, container, path, "is so", "Mend it");
    }
}
