package dev.unroot.cluster;

import dev.unroot.certificate.SecretContent;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;

/** The Secret of a self-managed certificate: read and replaced by its name, never made, listed or watched. */
final class CertificateSecret {
    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    CertificateSecret(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
    }

    /** As read; whoever writes gives it back. Not a record, lest it be printed. */
    static final class Held {
        private final Secret secret;
        private final SecretContent content;

        private Held(Secret secret) {
            this.secret = secret;
            this.content = SecretContent.read(secret.getData() == null ? Map.of() : secret.getData());
        }

        SecretContent content() {
            return content;
        }
    }

    /** @throws ClusterException where it cannot be read, or does not exist */
    Held read() {
        Secret secret;
        try {
            secret = client.secrets().inNamespace(namespace).withName(name).get();
        } catch (KubernetesClientException e) {
            throw new ClusterException(this + " cannot be read: " + ClusterException.reason(e, "get on it"), e);
        }
        if (secret == null) {
            throw new ClusterException(this + " does not exist: create it empty (kubectl -n " + namespace
                    + " create secret generic " + name + "), and Unroot fills it");
        }
        return new Held(secret);
    }

    /**
     * Writes the content beside whatever else the Secret holds, and only if nobody else wrote since it was read.
     *
     * @return false where somebody did
     * @throws ClusterException where it cannot be written
     */
    boolean write(Held held, SecretContent content) {
        Secret next = new SecretBuilder(held.secret).addToData(content.data()).build();
        try {
            client.secrets().inNamespace(namespace).resource(next).update();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            // Not as the cause: an API server's answer to an invalid Secret could quote it.
            throw new ClusterException(this + " cannot be written: the API server answered " + e.getCode());
        }
    }

    @Override
    public String toString() {
        return "Secret " + namespace + "/" + name;
    }
}
