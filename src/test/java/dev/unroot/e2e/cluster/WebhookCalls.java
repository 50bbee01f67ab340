package dev.unroot.e2e.cluster;

import dev.unroot.Eventually;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Whether an API server calls Unroot: it takes a moment until it goes by webhooks and endpoints that are there. */
final class WebhookCalls {
    private WebhookCalls() {}

    /** Returns once it is called, and answers. */
    static void await(KubernetesClient admin) throws InterruptedException {
        Eventually.await("the webhook to be called", () -> !acceptsAnInvalidLabel(admin));
    }

    /** Returns once it is no longer called. */
    static void awaitNone(KubernetesClient admin) throws InterruptedException {
        Eventually.await("the webhook to be left alone", () -> acceptsAnInvalidLabel(admin));
    }

    /** A question without consequences, whose answer depends on nothing but whether the webhook is asked. */
    private static boolean acceptsAnInvalidLabel(KubernetesClient admin) {
        try {
            admin.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName("is-the-webhook-called")
                            .addToLabels("unroot.dev/enforce", "no-level")
                            .endMetadata()
                            .build())
                    .dryRun()
                    .create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getMessage().contains("which is no level")) {
                return false;
            }
            throw e;
        }
    }
}
