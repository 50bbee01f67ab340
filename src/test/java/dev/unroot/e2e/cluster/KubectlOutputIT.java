package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a person at a terminal reads. */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class KubectlOutputIT {
    @Shared
    private static ImageRegistry images;

    @AutoClose
    private static WebhookInstallation installation;

    private static Kubectl kubectl;

    @BeforeAll
    static void install(ControlPlane controlPlane) throws Exception {
        installation = new WebhookInstallation(controlPlane, images.settings()).withReplica();
        KubernetesClient admin = controlPlane.admin();
        Namespaces.mayEdit(admin, Namespaces.enforcing(admin, "enforced"), "kim");
        Namespaces.mayEdit(
                admin,
                Namespaces.create(
                        admin,
                        "warned",
                        Map.of(
                                "unroot.dev/enforce",
                                "none",
                                "unroot.dev/warn",
                                "hardened",
                                "unroot.dev/audit",
                                "none")),
                "kim");
        kubectl = controlPlane.kubectl(controlPlane.kubeconfig("kim"));
    }

    @Test
    void aDeniedRun() throws Exception {
        Programs.Result result = kubectl.run("run", "app", "-n", "enforced", "--image", images.root());
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        Golden.assertText("kubectl/denied-run.txt", result.err(), images);
    }

    @Test
    void aDeniedPodOfSeveralContainers() throws Exception {
        Programs.Result result = kubectl.runWith(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: several, namespace: enforced}
                spec:
                  initContainers: [{name: prepare, image: "%s", securityContext: {runAsUser: 0}}]
                  containers:
                    - {name: app, image: "%s"}
                    - {name: good, image: "%s"}
                    - {name: gone, image: "%s/team/gone:1"}
                """.formatted(images.numeric(), images.root(), images.numeric(), images.host()), "create");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        Golden.assertText("kubectl/denied-several.txt", withoutFile(result.err()), images);
    }

    @Test
    void anAdmittedPodWithWarnings() throws Exception {
        Programs.Result result = kubectl.run("run", "app", "-n", "warned", "--image", images.root());
        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("pod/app created\n");
        Golden.assertText("kubectl/warned-run.txt", result.err(), images);
    }

    @Test
    void anAppliedDeploymentWithWarnings() throws Exception {
        Programs.Result result = kubectl.runWith("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: warned}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      securityContext: {runAsNonRoot: true}
                      containers: [{name: web, image: "%s"}]
                """.formatted(images.named()), "apply", "--server-side");
        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("deployment.apps/web serverside-applied\n");
        Golden.assertText("kubectl/warned-deployment.txt", result.err(), images);
    }

    private static String withoutFile(String text) {
        return text.replaceAll("\"/[^\"]*/manifest[^\"]*\"", "\"FILE\"");
    }
}
