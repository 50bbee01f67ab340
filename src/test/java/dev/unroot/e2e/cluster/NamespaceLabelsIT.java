package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Labels of namespaces, as they are written and as they take effect. */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class NamespaceLabelsIT {
    @Shared
    private static ControlPlane controlPlane;

    @Shared
    private static ImageRegistry images;

    @Shared
    private static KubernetesClient admin;

    @AutoClose
    private static WebhookInstallation installation;

    @BeforeAll
    static void install() throws Exception {
        // Written while nobody looked.
        Namespaces.create(admin, "mistyped", Map.of("unroot.dev/enforce", "nonrot"));
        installation = new WebhookInstallation(controlPlane, images.settings()).withReplica();
    }

    @Test
    void aValueThatIsNoLevelIsRefused() throws Exception {
        Refusal denial = Refusal.denial(
                "namespaces.unroot.dev",
                "label unroot.dev/enforce is \"nonrot\", which is no level: write none, nonroot, hardened or explicit.");
        assertThat(Refusal.of(() -> Namespaces.createOnly(admin, "refused", Map.of("unroot.dev/enforce", "nonrot"))))
                .isEqualTo(denial);
        Namespaces.create(admin, "relabelled", Map.of("unroot.dev/enforce", "nonroot"));
        assertThat(Refusal.of(() -> admin.namespaces()
                        .withName("relabelled")
                        .edit(Namespaces.labelled("unroot.dev/enforce", "nonrot"))))
                .isEqualTo(denial);
    }

    @Test
    void aValueThatWasWrongBeforeReadsAsTheStrictestAndStopsNoOtherChange() throws Exception {
        admin.namespaces().withName("mistyped").edit(Namespaces.labelled("team", "shop"));

        assertThat(Refusal.of(() -> admin.resource(Pods.of("mistyped", "app", images.numeric()))
                                .create())
                        .message())
                .contains("denied the request: container \"app\"")
                .contains("allowPrivilegeEscalation");
        var event = controlPlane.auditLog().last("create", "pods", "mistyped", "app");
        assertThat(AuditLog.annotations(event))
                .containsEntry("enforce-policy", "explicit")
                .hasEntrySatisfying(
                        "error",
                        error -> assertThat(error)
                                .isEqualTo("label unroot.dev/enforce is \"nonrot\", which is no level: write none,"
                                        + " nonroot, hardened or explicit; it reads as explicit"));

        admin.namespaces().withName("mistyped").edit(Namespaces.labelled("unroot.dev/enforce", "nonroot"));
        Eventually.await(
                "the mended label to count",
                () -> admin.resource(Pods.of("mistyped", "app", images.numeric()))
                                .create()
                        != null);
    }

    @Test
    void aChangedLabelTakesEffect() throws Exception {
        Namespaces.create(admin, "changing", Map.of());
        admin.resource(Pods.of("changing", "before", images.root())).create();
        admin.namespaces().withName("changing").edit(Namespaces.labelled("unroot.dev/enforce", "nonroot"));
        Eventually.await(
                "the label to count",
                () -> Refusal.of(() -> admin.resource(Pods.of("changing", "after", images.root()))
                                .dryRun()
                                .create())
                        .equals(Refusal.runsAsRoot(images)));
        admin.namespaces().withName("changing").edit(Namespaces.labelled("unroot.dev/enforce", "none"));
        Eventually.await(
                "the label to count no more",
                () -> admin.resource(Pods.of("changing", "after", images.root()))
                                .create()
                        != null);
    }

    @Test
    void aLabelThatMeansNothingIsWarnedOf() throws Exception {
        Namespaces.create(admin, "unknown", Map.of());
        Programs.Result result = controlPlane
                .kubectl(controlPlane.adminKubeconfig())
                .run("label", "namespace", "unknown", "unroot.dev/enforced=nonroot");
        assertThat(result.exit()).isZero();
        Golden.assertText("kubectl/unknown-label.txt", result.err(), images);
    }

    /** Its pods are judged as they are made, and never as they go. */
    @Test
    void aNamespaceGoesWithAllThatIsInIt() throws Exception {
        Namespaces.create(admin, "going", Map.of());
        admin.resource(Pods.of("going", "root", images.root())).create();
        admin.namespaces().withName("going").edit(Namespaces.labelled("unroot.dev/enforce", "explicit"));
        admin.namespaces().withName("going").delete();
        Eventually.await(
                "the namespace to be gone",
                () -> admin.namespaces().withName("going").get() == null);
    }
}
