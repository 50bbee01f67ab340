package dev.unroot.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.unroot.certificate.ApiServerException;
import dev.unroot.certificate.CaBundle;
import dev.unroot.certificate.ClusterCertificates.CaBundleStore;
import dev.unroot.certificate.ServiceName;
import dev.unroot.certificate.WebhookCaBundles;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ServiceReference;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** One ValidatingWebhookConfiguration, read by its name, and written nowhere but in {@code clientConfig.caBundle}. */
final class WebhookConfiguration implements CaBundleStore {
    private final KubernetesClient client;
    private final String name;
    private final ServiceName service;

    /** @param service only webhooks that call it are looked at */
    WebhookConfiguration(KubernetesClient client, String name, ServiceName service) {
        this.client = client;
        this.name = name;
        this.service = service;
    }

    @Override
    public ServiceName service() {
        return service;
    }

    @Override
    public WebhookCaBundles read() {
        ValidatingWebhookConfiguration configuration;
        try {
            configuration = resource().get();
        } catch (KubernetesClientException e) {
            throw new ApiServerException(this + " cannot be read: " + ClusterException.reason(e, "get on it"), e);
        }
        if (configuration == null) {
            throw new ApiServerException(
                    this + " does not exist: install it, or mend certificates.webhookConfiguration");
        }
        List<WebhookCaBundles.Entry> entries = new ArrayList<>(2);
        int index = 0;
        for (ValidatingWebhook webhook : configuration.getWebhooks()) {
            if (isOurs(webhook)) {
                entries.add(entry(index, webhook));
            }
            index++;
        }
        if (entries.isEmpty()) {
            throw new ApiServerException("none of the webhooks of " + this + " calls Service " + service
                    + ": mend its clientConfig.service, or certificates.service and certificates.namespace");
        }
        return new WebhookCaBundles(configuration.getMetadata().getResourceVersion(), entries);
    }

    private boolean isOurs(ValidatingWebhook webhook) {
        ServiceReference called = webhook.getClientConfig() == null
                ? null
                : webhook.getClientConfig().getService();
        return called != null
                && service.name().equals(called.getName())
                && service.namespace().equals(called.getNamespace());
    }

    private static WebhookCaBundles.Entry entry(int index, ValidatingWebhook webhook) {
        String base64 = webhook.getClientConfig().getCaBundle();
        CaBundle bundle = CaBundle.EMPTY;
        if (base64 != null && !base64.isEmpty()) {
            try {
                bundle = CaBundle.parse(Base64.getDecoder().decode(base64));
            } catch (IllegalArgumentException unreadable) {
                bundle = CaBundle.EMPTY;
            }
        }
        return new WebhookCaBundles.Entry(index, webhook.getName(), bundle, !bundle.equals(CaBundle.EMPTY));
    }

    @Override
    public boolean write(WebhookCaBundles seen, CaBundle wanted) {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        // A version in what is written is the API server's way to refuse it with 409 where that is not the current one.
        patch.addObject()
                .put("op", "replace")
                .put("path", "/metadata/resourceVersion")
                .put("value", seen.resourceVersion());
        String base64 = Base64.getEncoder().encodeToString(wanted.pem().getBytes(UTF_8));
        for (WebhookCaBundles.Entry entry : seen.entries()) {
            if (!WebhookCaBundles.is(entry, wanted)) {
                patch.addObject()
                        .put("op", "add")
                        .put("path", "/webhooks/" + entry.index() + "/clientConfig/caBundle")
                        .put("value", base64);
            }
        }
        try {
            resource().patch(PatchContext.of(PatchType.JSON), patch.toString());
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw new ApiServerException(
                    "the caBundle of " + this + " cannot be written: " + ClusterException.reason(e, "patch on it"), e);
        }
    }

    private Resource<ValidatingWebhookConfiguration> resource() {
        return client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(name);
    }

    @Override
    public String toString() {
        return "ValidatingWebhookConfiguration " + name;
    }
}
