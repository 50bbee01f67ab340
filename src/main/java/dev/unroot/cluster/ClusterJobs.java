package dev.unroot.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/** What is done once, by a job of the chart's: try what the webhook answers, and take it out of API servers' way. */
public final class ClusterJobs {
    private final ClusterConnection connection;

    public ClusterJobs(ClusterConnection connection) {
        this.connection = connection;
    }

    /**
     * Creates a pod that starts as root, as a dry run: its user is written out, so no image is looked up.
     *
     * @return the API server's words against it; null where it would have created it
     * @throws ClusterException where no API server answered
     */
    public @Nullable String refusalOfARootPod(String namespace) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("unroot-probe")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .addNewContainer()
                .withName("probe")
                .withImage("unroot.invalid/probe")
                .withNewSecurityContext()
                .withRunAsUser(0L)
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
        try {
            connection.client().resource(pod).dryRun().create();
            return null;
        } catch (KubernetesClientException e) {
            if (e.getStatus() != null && e.getStatus().getMessage() != null) {
                return e.getStatus().getMessage();
            }
            throw new ClusterException(
                    "pod could not be tried: " + ClusterException.reason(e, "create on pods in " + namespace), e);
        }
    }

    /**
     * Deletes a ValidatingWebhookConfiguration.
     *
     * @return false where there was none of that name
     * @throws ClusterException where the API server refused, or did not answer
     */
    public boolean deleteWebhookConfiguration(String name) {
        try {
            return !connection
                    .client()
                    .admissionRegistration()
                    .v1()
                    .validatingWebhookConfigurations()
                    .withName(name)
                    .delete()
                    .isEmpty();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw new ClusterException(
                    "ValidatingWebhookConfiguration \"" + name + "\" could not be deleted: "
                            + ClusterException.reason(e, "delete on validatingwebhookconfigurations"),
                    e);
        }
    }
}
