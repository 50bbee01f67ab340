package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods created by people, as the API server, the audit log and kubectl see them. */
@ExtendWith(Cluster.class)
class ClusterAdmissionIT {
    private static ControlPlane controlPlane;
    private static ImageRegistry images;
    private static WebhookInstallation installation;
    private static KubernetesClient admin;
    private static KubernetesClient jane;
    private static String namespace;

    @BeforeAll
    static void install(ControlPlane sharedControlPlane, ImageRegistry sharedImages) throws Exception {
        controlPlane = sharedControlPlane;
        images = sharedImages;
        admin = controlPlane.admin();
        installation = new WebhookInstallation(controlPlane, images.settings());
        installation.addReplica();
        installation.enable();
        namespace = Namespaces.enforcing(admin, "admission");
        Namespaces.mayEdit(admin, namespace, "jane");
        jane = Clients.of(controlPlane.kubeconfig("jane"));
    }

    @AfterAll
    static void remove() throws Exception {
        if (jane != null) {
            jane.close();
        }
        if (installation != null) {
            installation.close();
        }
    }

    private static String denial() {
        return "admission webhook \"validate.unroot.dev\" denied the request: container \"app\" runs as root: image "
                + images.root()
                + " has USER \"root\", which is uid 0 in its /etc/passwd. Rebuild it with a numeric USER, or set"
                + " securityContext.runAsUser to a uid it works with.";
    }

    @Test
    void aPodThatStartsAsRootIsDenied() {
        for (KubernetesClient client : new KubernetesClient[] {jane, admin}) {
            assertThatThrownBy(() -> client.resource(Pods.of(namespace, "root", images.root()))
                            .create())
                    .isInstanceOfSatisfying(KubernetesClientException.class, denied -> {
                        assertThat(denied.getCode()).isEqualTo(403);
                        assertThat(denied.getStatus().getReason()).isEqualTo("Forbidden");
                        assertThat(denied.getStatus().getMessage()).isEqualTo(denial());
                    });
        }
        assertThat(admin.pods().inNamespace(namespace).withName("root").get()).isNull();
    }

    @Test
    void otherPodsAreAdmitted() {
        for (String image : new String[] {images.numeric(), images.named()}) {
            String name = image.contains("numeric") ? "numeric" : "named";
            Pod created = jane.resource(Pods.of(namespace, name, image)).create();
            assertThat(created.getMetadata().getUid()).isNotEmpty();
        }
    }

    @Test
    void aDenialIsInTheAuditLog() throws Exception {
        assertThatThrownBy(() -> jane.resource(Pods.of(namespace, "audited", images.root()))
                        .create())
                .isInstanceOf(KubernetesClientException.class);
        var event = controlPlane.auditLog().last("create", "pods", namespace, "audited");
        assertThat(event.at("/user/username").asText()).isEqualTo("jane");
        assertThat(event.at("/responseStatus/code").asInt()).isEqualTo(403);
        assertThat(AuditLog.annotations(event, WebhookInstallation.WEBHOOK))
                .isEqualTo(Map.of("enforce-policy", "nonroot"));
    }

    @Test
    void kubectlPrintsADenial() throws Exception {
        Programs.Result result = controlPlane
                .kubectl(controlPlane.kubeconfig("jane"))
                .run("run", "printed", "-n", namespace, "--image", images.root());
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("denied the request");
    }
}
