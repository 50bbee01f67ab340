package dev.unroot.e2e.cluster;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

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
        createOnly(client, name, labels);
        awaitServiceAccount(client, name, "default");
        return name;
    }

    static void awaitServiceAccount(KubernetesClient client, String namespace, String name) {
        client.serviceAccounts()
                .inNamespace(namespace)
                .withName(name)
                .waitUntilCondition(account -> account != null, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Returns at once, before controllers have seen it. */
    static void createOnly(KubernetesClient client, String name, Map<String, String> labels) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
    }

    static void serviceAccount(KubernetesClient client, String namespace, String name) {
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    /** An edit that sets one label. */
    static UnaryOperator<Namespace> labelled(String label, String value) {
        return namespace -> new NamespaceBuilder(namespace)
                .editMetadata()
                .addToLabels(label, value)
                .endMetadata()
                .build();
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
