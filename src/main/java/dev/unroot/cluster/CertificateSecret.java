package dev.unroot.cluster;

import dev.unroot.certificate.ApiServerException;
import dev.unroot.certificate.ClusterCertificates.CertificateStore;
import dev.unroot.certificate.SecretContent;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;

/** The Secret of a self-managed certificate: read and replaced by its name, never made, listed or watched. */
final class CertificateSecret implements CertificateStore {
    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    CertificateSecret(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
    }

    /** Not a record, lest it be printed. */
    private static final class HeldSecret implements Held {
        private final Secret secret;
        private final SecretContent content;

        private HeldSecret(Secret secret) {
            this.secret = secret;
            this.content = SecretContent.read(secret.getData() == null ? Map.of() : secret.getData());
        }

        @Override
        public SecretContent content() {
            return content;
        }
    }

    @Override
    public Held read() {
        Secret secret;
        try {
            secret = client.secrets().inNamespace(namespace).withName(name).get();
        } catch (KubernetesClientException e) {
            throw new ApiServerException(this + " cannot be read: " + ClusterException.reason(e, "get on it"), e);
        }
        if (secret == null) {
            throw new ApiServerException(this + " does not exist: create it empty (kubectl -n " + namespace
                    + " create secret generic " + name + "), and Unroot fills it");
        }
        return new HeldSecret(secret);
    }

    @Override
    public boolean write(Held seen, SecretContent content) {
        Secret held = ((HeldSecret) seen).secret;
        Secret next = new SecretBuilder(held).addToData(content.data()).build();
        try {
            client.secrets().inNamespace(namespace).resource(next).update();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            // Not as the cause: an API server's answer to an invalid Secret could quote it.
            throw new ApiServerException(this + " cannot be written: the API server answered " + e.getCode());
        }
    }

    @Override
    public String toString() {
        return "Secret " + namespace + "/" + name;
    }
}
