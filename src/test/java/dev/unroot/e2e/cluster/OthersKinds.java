package dev.unroot.e2e.cluster;

import dev.unroot.Eventually;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Kinds that others define, while it is open: their schemas, and nobody behind them. */
final class OthersKinds implements AutoCloseable {
    private final KubernetesClient admin;
    private final List<HasMetadata> definitions;

    /**
     * Returns once objects of them can be made.
     *
     * @param file in {@code src/test/resources/e2e}
     */
    OthersKinds(KubernetesClient admin, String file) throws IOException, InterruptedException {
        this.admin = admin;
        try (InputStream in = OthersKinds.class.getResourceAsStream("/e2e/" + file)) {
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

    /** Those of cert-manager and of the Prometheus operator. */
    static OthersKinds ofTheChart(KubernetesClient admin) throws IOException, InterruptedException {
        return new OthersKinds(admin, "kinds-of-others.yaml");
    }

    /** Its OpenAPI document says whether strict validation knows it, a list whether it is stored. */
    private static boolean isServed(KubernetesClient admin, CustomResourceDefinition definition) {
        String group = definition.getSpec().getGroup() + "/"
                + definition.getSpec().getVersions().get(0).getName();
        String kind = definition.getSpec().getNames().getKind();
        admin.genericKubernetesResources(group, kind).inAnyNamespace().list();
        String document = admin.raw("/openapi/v3/apis/" + group);
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
