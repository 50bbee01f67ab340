package dev.unroot.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Images that take a password, which a Secret of the pod or of its ServiceAccount holds. */
@ExtendWith(Cluster.class)
class PullSecretsIT {
    @Shared
    private static ControlPlane controlPlane;

    @Shared
    private static ImageRegistry images;

    @Shared
    private static KubernetesClient admin;

    @AutoClose
    private static PrivateRegistry closed;

    @AutoClose
    private static WebhookInstallation installation;

    @BeforeAll
    static void install() throws Exception {
        closed = new PrivateRegistry(images.host());
        Namespaces.enforcing(admin, "pulling");
        Namespaces.enforcing(admin, "ungranted");
        installation = new WebhookInstallation(
                controlPlane, """
                imageLookup:
                  platforms: [linux/amd64]
                  registries:
                    - {host: "%s", plainHttp: true, allowPrivate: true}
                """.formatted(closed.host()), "pullSecrets: {namespaces: [pulling, ungranted]}");
        admin.rbac()
                .roles()
                .inNamespace("ungranted")
                .withName("unroot-pull-secrets")
                .delete();
        installation.withReplica();
    }

    @Test
    void aPodsImageIsReadWithTheSecretsOfItsServiceAccount() {
        pullSecret("pulling", "registry");
        account("pulling", "puller", "registry");
        assertThat(denial(pod("pulling", "root", "puller", images.root())))
                .contains("runs as root: image " + closed(images.root()) + " has USER \"root\"");
        admin.resource(pod("pulling", "numeric", "puller", images.numeric())).create();
        assertThat(admin.pods()
                        .inNamespace("pulling")
                        .withName("numeric")
                        .get()
                        .getSpec()
                        .getImagePullSecrets())
                .as("the API server has put them there")
                .extracting(LocalObjectReference::getName)
                .containsExactly("registry");
    }

    /** The API server puts them into pods only. */
    @Test
    void aControllersImageIsReadWithThemToo() throws Exception {
        pullSecret("pulling", "for-controllers");
        account("pulling", "deployer", "for-controllers");
        admin.namespaces().withName("pulling").edit(Namespaces.labelled("unroot.dev/warn", "nonroot"));
        String manifest =
                admin.getKubernetesSerialization().asYaml(deployment(pod("pulling", "web", "deployer", images.root())));
        Eventually.await("the label to count", () -> {
            Programs.Result result = controlPlane
                    .kubectl(controlPlane.adminKubeconfig())
                    .runWith(manifest, "create", "--dry-run=server");
            return result.err()
                    .contains("Warning: container \"app\" runs as root: image " + closed(images.root())
                            + " has USER \"root\"");
        });
    }

    private static Deployment deployment(Pod pod) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(pod.getMetadata().getNamespace())
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withSpec(pod.getSpec())
                .endTemplate()
                .endSpec()
                .build();
    }

    @Test
    void withoutASecretTheDenialSaysWhatIsMissing() {
        account("pulling", "nobody");
        assertThat(denial(pod("pulling", "without", "nobody", images.root())))
                .contains("could not be verified")
                .contains("401");
    }

    @Test
    void whereTheRoleDoesNotReachTheDenialSaysSo() {
        pullSecret("ungranted", "registry");
        account("ungranted", "puller", "registry");
        assertThat(denial(pod("ungranted", "app", "puller", images.root())))
                .contains("could not be verified")
                .contains("Secret ungranted/registry may not be read");
    }

    /** The same image where it takes a password. */
    private static String closed(String image) {
        return image.replace(images.host(), closed.host());
    }

    private static String denial(Pod pod) {
        return Refusal.of(() -> admin.resource(pod).create()).message();
    }

    private static Pod pod(String namespace, String name, String account, String image) {
        Pod pod = Pods.of(namespace, name, closed(image));
        pod.getSpec().setServiceAccountName(account);
        return pod;
    }

    private static void pullSecret(String namespace, String name) {
        String config = Base64.getEncoder().encodeToString(closed.dockerConfig().getBytes(UTF_8));
        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withType("kubernetes.io/dockerconfigjson")
                        .addToData(".dockerconfigjson", config)
                        .build())
                .create();
    }

    private static void account(String namespace, String name, String... secrets) {
        admin.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withImagePullSecrets(Arrays.stream(secrets)
                                .map(LocalObjectReference::new)
                                .toList())
                        .build())
                .create();
    }
}
