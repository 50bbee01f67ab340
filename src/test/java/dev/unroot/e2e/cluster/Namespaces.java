package dev.unroot.e2e.cluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Makes namespaces in which pods can be made. */
final class Namespaces {
    private static final long PATIENCE_SECONDS = 30;

    private Namespaces() {}

    /** Whose pods may not start as root, and which says nothing else. */
    static String enforcing(KubernetesClient client, String name) {
        return create(
                client,
                name,
                Map.of("unroot.dev/enforce", "nonroot", "unroot.dev/warn", "none", "unroot.dev/audit", "none"));
    }

    /** Returns once it has the ServiceAccount that pods need. */
    static String create(KubernetesClient client, String name, Map<String, String> labels) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
        client.serviceAccounts()
                .inNamespace(name)
                .withName("default")
                .waitUntilCondition(account -> account != null, PATIENCE_SECONDS, TimeUnit.SECONDS);
        return name;
    }

    /** Gives a person ClusterRole {@code edit} in a namespace. */
    static void mayEdit(KubernetesClient client, String namespace, String user) {
        client.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(user)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "edit")
                        .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                        .build())
                .create();
    }
}
