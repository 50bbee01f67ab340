package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.e2e.Programs;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code helm test}: that it passes, and that it fails when Unroot denies nothing. */
@ExtendWith(Cluster.class)
class HelmTestIT {
    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void passesWhereUnrootDeniesAndFailsWhereItIsNotAsked(int version, PodCluster cluster, ImageRegistry images)
            throws Exception {
        try (Release release = new Release(cluster, images, version)) {
            release.install();
            Programs.Result passed = release.helm().run("test");
            assertThat(passed.exit()).as(passed.err()).isZero();
            assertThat(passed.out()).contains("Phase:          Succeeded");

            cluster.admin()
                    .admissionRegistration()
                    .v1()
                    .validatingWebhookConfigurations()
                    .withName(Helm.RELEASE)
                    .delete();
            Programs.Result failed = release.helm().run("test");
            assertThat(failed.exit()).isEqualTo(1);
            assertThat(failed.out() + failed.err())
                    .contains("unroot: a pod that starts as root would be admitted into namespace unroot-test: the API"
                            + " server does not ask Unroot about it.");

            release.helm().succeed("uninstall", "--wait");
            release.awaitNothingLeft();
        }
    }
}
