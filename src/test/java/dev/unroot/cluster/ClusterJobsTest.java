package dev.unroot.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterJobsTest {
    private final ApiServer api = new ApiServer();
    private final ClusterConnection connection = api.connect();
    private final ClusterJobs jobs = new ClusterJobs(connection);

    @AfterEach
    void close() {
        connection.close();
        api.close();
    }

    @Test
    void asksForARootPodAsADryRun() {
        List<String> bodies = new CopyOnWriteArrayList<>();
        api.answer(request -> {
            bodies.add(request.getUtf8Body());
            return ApiServer.found(new Pod());
        });

        assertThat(jobs.refusalOfARootPod("trial")).isNull();

        assertThat(api.requests()).singleElement().satisfies(request -> {
            assertThat(request.getMethod()).isEqualTo("POST");
            assertThat(request.getPath()).isEqualTo("/api/v1/namespaces/trial/pods?dryRun=All");
        });
        assertThat(bodies).singleElement().asString().contains("\"runAsUser\":0");
    }

    @Test
    void hasTheApiServersWordsWhereItRefuses() {
        api.answer(request -> ApiServer.status(403, "admission webhook \"a.unroot.dev\" denied the request: no"));

        assertThat(jobs.refusalOfARootPod("trial"))
                .isEqualTo("admission webhook \"a.unroot.dev\" denied the request: no");
    }

    @Test
    void deletesAWebhookConfiguration() {
        assertThat(jobs.deleteWebhookConfiguration("unroot")).isFalse();
        assertThat(api.requests()).singleElement().satisfies(request -> {
            assertThat(request.getMethod()).isEqualTo("DELETE");
            assertThat(request.getPath())
                    .isEqualTo("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/unroot");
        });

        api.answer(request -> ApiServer.status(403, "forbidden"));
        assertThatThrownBy(() -> jobs.deleteWebhookConfiguration("unroot"))
                .isInstanceOf(ClusterException.class)
                .hasMessage("ValidatingWebhookConfiguration \"unroot\" could not be deleted: the API server answered"
                        + " 403: forbidden. Unroot's role has to allow delete on validatingwebhookconfigurations");
    }
}
