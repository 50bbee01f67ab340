package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code manifests/install.yaml} is the chart with its defaults, for those without Helm. */
class InstallManifestTest {
    private static final Path FILE = Path.of("manifests/install.yaml");
    private static final String HEAD = """
            # Unroot with the chart's defaults: what hardened would deny is noted in the audit log, and nothing is denied.
            # Rendered from charts/unroot by: mvn test -Dtest=InstallManifestTest -Dupdate
            # The image is a placeholder: manifests/kustomization.yaml replaces it.
            apiVersion: v1
            kind: Namespace
            metadata:
              name: unroot
              labels:
                pod-security.kubernetes.io/enforce: restricted
            """;

    @Test
    void isTheChart() throws IOException {
        Golden.assertCurrent(FILE, HEAD + withoutHooks(Chart.template(Chart.FOLDER.resolve("ci/default-values.yaml"))));
    }

    /** Hooks are Helm's to run. */
    private static String withoutHooks(String rendered) {
        return Arrays.stream(rendered.split("(?m)^(?=---$)"))
                .filter(document -> !document.contains("helm.sh/hook:"))
                .collect(Collectors.joining());
    }

    @Test
    void kustomizationReplacesItsImage() throws IOException {
        JsonNode kustomization = Chart.yaml(Path.of("manifests/kustomization.yaml"));
        assertThat(Rendered.texts(kustomization.path("resources"))).containsExactly("install.yaml");
        String image = Chart.render("").container().path("image").asText();
        assertThat(kustomization.path("images")).hasSize(1);
        assertThat(image)
                .startsWith(kustomization.at("/images/0/name").asText() + ":")
                .endsWith(":" + kustomization.at("/images/0/newTag").asText());
    }
}
