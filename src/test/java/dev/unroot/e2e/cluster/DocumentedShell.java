package dev.unroot.e2e.cluster;

import dev.unroot.e2e.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Where somebody has kubectl, Helm 4 and this checkout, and a registry that is no public one. */
final class DocumentedShell {
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private final Path values;
    private final Map<String, String> environment;
    private final String image;

    /** @param image what people put for REGISTRY/IMAGE, as pods name it */
    DocumentedShell(PodCluster cluster, Release release, String image) throws IOException {
        ControlPlane controlPlane = cluster.controlPlane();
        Path folder = Files.createTempDirectory(controlPlane.folder(), "shell-");
        this.values = Files.writeString(folder.resolve("values.yaml"), release.registrySettings());
        this.image = image;
        Files.createSymbolicLink(folder.resolve("helm"), release.helm().program());
        Files.createSymbolicLink(
                folder.resolve("kubectl"),
                Path.of(controlPlane.kubectl(controlPlane.adminKubeconfig()).program()));
        this.environment = Map.of(
                "PATH", folder + ":" + System.getenv("PATH"),
                "KUBECONFIG", controlPlane.adminKubeconfig().toString(),
                "HELM_CACHE_HOME", folder.resolve("cache").toString(),
                "HELM_CONFIG_HOME", folder.resolve("config").toString(),
                "HELM_DATA_HOME", folder.resolve("data").toString());
    }

    /** @param documented as it stands in a page; its placeholders become what there is here */
    Programs.Result run(String documented) throws IOException, InterruptedException {
        String command = documented
                .replace("REGISTRY/unroot", TestNode.REPOSITORY)
                .replace("REGISTRY/IMAGE", image)
                .replace("namespace NAME", "namespace shop")
                .replace("unroot.jar", "target/unroot.jar");
        if (documented.startsWith("helm install")) {
            command += " --values " + values;
        }
        return Programs.run(Path.of("").toAbsolutePath(), environment, PATIENCE, List.of("bash", "-c", command));
    }
}
