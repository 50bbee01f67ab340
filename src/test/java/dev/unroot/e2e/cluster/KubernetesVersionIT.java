package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.chart.Chart;
import io.fabric8.kubernetes.client.VersionInfo;
import java.lang.module.ModuleDescriptor.Version;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which Kubernetes the tests are about: a variable that names other programs would have them prove something else. */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class KubernetesVersionIT {

    @Test
    void isOneThatTheChartIsFor(ControlPlane controlPlane) {
        VersionInfo version = controlPlane.admin().getKubernetesVersion();
        System.out.println("The API server is of Kubernetes " + version.getGitVersion());
        String number = version.getGitVersion().substring(1);
        if (Assets.OF_OLDEST) {
            assertThat(number).startsWith(Assets.oldestMinor() + ".");
        } else {
            assertThat(Version.parse(number)).isGreaterThanOrEqualTo(Version.parse(Chart.OLDEST_KUBERNETES));
        }
    }
}
