package dev.unroot.e2e.cluster;

import dev.unroot.Eventually;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes namespaces in which pods can be made. */
final class Namespaces {
    private Namespaces() {}

    /** Whose pods may not start as root, and which says nothing else. */
    static String enforcing(KubernetesClient client, String name) throws InterruptedException {
        return create(
                client,
                name,
                Map.of("unroot.dev/enforce", "nonroot", "unroot.dev/warn", "none", "unroot.dev/audit", "none"));
    }

    /** Returns once it has the ServiceAccount that pods need. */
    static String create(KubernetesClient client, String name, Map<String, String> labels) throws InterruptedException {
        createOnly(client, name, labels);
        awaitServiceAccount(client, name, "default");
        return name;
    }

    static void awaitServiceAccount(KubernetesClient client, String namespace, String name)
            throws InterruptedException {
        Eventually.await(
                "ServiceAccount " + namespace + "/" + name,
                () -> client.serviceAccounts()
                                .inNamespace(namespace)
                                .withName(name)
                                .get()
                        != null);
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

    /** Gives a person ClusterRole {@code edit} in a namespace, and returns once the API server goes by it. */
    static void mayEdit(KubernetesClient client, String namespace, String user) throws InterruptedException {
        client.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(user)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "edit")
                        .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                        .build())
                .create();
        SubjectAccessReview question = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(user)
                .withNewResourceAttributes()
                .withNamespace(namespace)
                .withVerb("create")
                .withResource("pods")
                .endResourceAttributes()
                .endSpec()
                .build();
        Eventually.await(
                user + " to be allowed to make pods in " + namespace,
                () -> client.resource(question).create().getStatus().getAllowed());
    }
}
