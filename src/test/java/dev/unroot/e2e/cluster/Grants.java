package dev.unroot.e2e.cluster;

import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Rights that Unroot has in single namespaces, beside its ClusterRole. */
final class Grants {
    private static final String ROLE = "unroot-pull-secrets";

    private Grants() {}

    /** As docs/cluster-access.md has it. */
    static void pullSecrets(KubernetesClient admin, String namespace) {
        admin.resource(new RoleBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(ROLE)
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("")
                        .withResources("secrets", "serviceaccounts")
                        .withVerbs("get")
                        .endRule()
                        .build())
                .create();
        admin.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(ROLE)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", ROLE)
                        .addNewSubject(null, "ServiceAccount", "unroot", WebhookInstallation.NAMESPACE)
                        .build())
                .create();
    }
}
