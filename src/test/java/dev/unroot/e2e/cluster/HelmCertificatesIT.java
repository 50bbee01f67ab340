package dev.unroot.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.TestAuthority;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The chart's other two sources of certificates, which the webhook's pods have as files. */
@ExtendWith(Cluster.class)
class HelmCertificatesIT {
    private static final String NAMESPACE = "helm-certificates";

    @BeforeAll
    static void prepare(PodCluster cluster) throws Exception {
        Namespaces.create(cluster.admin(), NAMESPACE, Map.of());
    }

    /** With monitoring, whose kinds are others' too. */
    @Test
    void comeFromCertManagerAndStayThroughAnUpgrade(PodCluster cluster, ImageRegistry images) throws Exception {
        KubernetesClient admin = cluster.admin();
        try (OthersKinds kinds = OthersKinds.ofTheChart(admin);
                CertManagerPart certManager = new CertManagerPart(admin);
                Release release = new Release(cluster, images, 4)) {
            release.install(
                    "mode=enforce",
                    "level=nonroot",
                    "certificates.source=cert-manager",
                    "serviceMonitor.enabled=true",
                    "prometheusRule.enabled=true",
                    "dashboard.enabled=true");
            assertThat(release.refused(NAMESPACE, images.root())).isEqualTo(release.runsAsRoot());

            Load load = release.load(NAMESPACE);
            try (load) {
                load.awaitAdmissions(50);
                Programs.Result upgraded = release.upgrade(List.of(), "podLabels.team=platform");
                assertThat(upgraded.exit()).as(upgraded.err() + release.pods()).isZero();
                load.awaitAdmissions(50);
            }
            System.out.println("An upgrade with cert-manager's certificate: " + load.admitted() + " admissions, "
                    + load.failures().size() + " failures");
            assertThat(load.failures()).isEmpty();

            release.helm().succeed("uninstall", "--wait");
            release.awaitNothingLeft();
        } finally {
            // cert-manager leaves it, unless it is told otherwise.
            admin.secrets().inNamespace(Helm.NAMESPACE).withName("unroot-tls").delete();
        }
    }

    @Test
    void comeFromASecret(PodCluster cluster, ImageRegistry images) throws Exception {
        KubernetesClient admin = cluster.admin();
        TestAuthority authority = new TestAuthority("platform");
        TestAuthority.Issued issued = authority.server("unroot.unroot.svc");
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(Helm.NAMESPACE)
                        .endMetadata()
                        .build())
                .serverSideApply();
        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("platform-tls")
                        .withNamespace(Helm.NAMESPACE)
                        .endMetadata()
                        .withType("kubernetes.io/tls")
                        .addToData("tls.crt", base64(issued.certificate()))
                        .addToData("tls.key", base64(issued.key()))
                        .build())
                .create();
        try (Release release = new Release(cluster, images, 3)) {
            String notes =
                    release.installWith("""
                            mode: enforce
                            level: nonroot
                            certificates:
                              source: existing-secret
                              existingSecret:
                                name: platform-tls
                                caBundle: |
                            """ + authority.certificate().indent(6)).out();
            assertThat(notes).contains("The certificate comes from Secret platform-tls: you replace it");
            assertThat(release.refused(NAMESPACE, images.root())).isEqualTo(release.runsAsRoot());
            release.admitted(NAMESPACE, "numeric", images.numeric());
        } finally {
            admin.secrets().inNamespace(Helm.NAMESPACE).withName("platform-tls").delete();
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
