package dev.unroot.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Kinds of cert-manager and of the Prometheus operator, while it is open: their schemas, and nobody behind them. */
final class OthersKinds implements AutoCloseable {
    private final KubernetesClient admin;
    private final List<HasMetadata> definitions;

    /** Returns once objects of them can be made. */
    OthersKinds(KubernetesClient admin) throws IOException, InterruptedException {
        this.admin = admin;
        try (InputStream in = OthersKinds.class.getResourceAsStream("/e2e/kinds-of-others.yaml")) {
            this.definitions = admin.load(in).items();
        }
        for (HasMetadata definition : definitions) {
            admin.resource(definition).create();
        }
        for (HasMetadata definition : definitions) {
            String name = definition.getMetadata().getName();
            Eventually.await(name + " to be served", () -> isServed(admin, (CustomResourceDefinition) definition));
        }
    }

    /** Its OpenAPI document says whether strict validation knows it, a list whether it is stored. */
    private static boolean isServed(KubernetesClient admin, CustomResourceDefinition definition) {
        String group = definition.getSpec().getGroup();
        String kind = definition.getSpec().getNames().getKind();
        admin.genericKubernetesResources(group + "/v1", kind).inAnyNamespace().list();
        String document = admin.raw("/openapi/v3/apis/" + group + "/v1");
        return document != null && document.contains("\"" + kind + "\"");
    }

    @Override
    public void close() throws InterruptedException {
        for (HasMetadata definition : definitions) {
            admin.resource(definition).delete();
        }
        for (HasMetadata definition : definitions) {
            Eventually.await(
                    definition.getMetadata().getName() + " to be gone",
                    () -> admin.resource(definition).get() == null);
        }
    }
}
