package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How an API server calls a webhook behind a Service; and that these tests make it do just that, on loopback. */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class ServiceCallIT {

    @Test
    void aServiceIsCalledByItsOwnNameOverHttp11(ControlPlane controlPlane) throws Exception {
        try (WebhookInstallation installation =
                        new WebhookInstallation(controlPlane, "", "webhook: {timeoutSeconds: 7}");
                ObservingServer server =
                        new ObservingServer(installation.authority().server(WebhookInstallation.SERVER_NAME))) {
            installation.relay().add(server.port());
            Eventually.await("a call", () -> {
                controlPlane
                        .admin()
                        .resource(new NamespaceBuilder()
                                .withNewMetadata()
                                .withName("is-the-webhook-called")
                                .endMetadata()
                                .build())
                        .dryRun()
                        .create();
                return !server.calls().isEmpty();
            });
            ObservingServer.Call call = server.calls().element();
            System.out.println("The API server called: " + call);
            assertThat(call.serverNames()).containsExactly("unroot.unroot.svc");
            assertThat(call.protocols()).containsExactly("http/1.1");
            assertThat(call.requestLine()).isEqualTo("POST /validate?timeout=7s HTTP/1.1");
            assertThat(call.headers())
                    .containsEntry(
                            "host", "unroot.unroot.svc:" + installation.relay().port())
                    .containsEntry("content-type", "application/json");
        }
    }
}
