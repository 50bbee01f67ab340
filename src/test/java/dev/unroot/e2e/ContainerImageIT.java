package dev.unroot.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.e2e.Programs.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image that the build makes, on a base made of this machine's JDK: what its configuration says, what Unroot says of
 * it, and that it runs the way its pod runs it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerImageIT {
    private static final Path TAR = UnpackedImage.TAR;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private JsonNode config;
    private RestrictedContainer container;

    @BeforeAll
    void unpack() throws IOException, InterruptedException {
        Programs.require("umoci", "skopeo", "runc");
        UnpackedImage image = UnpackedImage.into(folder);
        config = image.config();
        container = new RestrictedContainer(image.bundle(), config);
    }

    @Test
    void runsAsANumberThatIsNotRoot() {
        assertThat(config.get("User").asText()).isEqualTo("65532:65532");
    }

    @Test
    void isNonRootByItsOwnVerdict() throws IOException, InterruptedException {
        Result result = Programs.unroot(
                folder,
                "image",
                reference(),
                "--images",
                TAR.toString(),
                "--platform",
                "linux/amd64",
                "--output",
                "json");

        assertThat(result.exit()).as(result.err()).isZero();
        JsonNode platform = JSON.readTree(result.out()).at("/images/0/platforms/0");
        assertThat(platform.get("verdict").asText()).isEqualTo("non-root");
        assertThat(platform.get("uid").asInt()).isEqualTo(65532);
        assertThat(platform.get("withRunAsNonRoot").asText()).isEqualTo("starts");
    }

    private static String reference() throws IOException, InterruptedException {
        Path manifest = folder.resolve("manifest.json");
        Files.writeString(
                manifest,
                Programs.succeed(folder, "tar", "-xOf", TAR.toString(), "manifest.json")
                        .out());
        return JSON.readTree(manifest.toFile()).at("/0/RepoTags/0").asText();
    }

    @Test
    void carriesTheListOfWhatItIsMadeOf() throws IOException {
        JsonNode bill = JSON.readTree(
                folder.resolve("bundle/rootfs/app/sbom/unroot.cdx.json").toFile());

        assertThat(bill.get("bomFormat").asText()).isEqualTo("CycloneDX");
        List<String> jars;
        try (var files = Files.list(folder.resolve("bundle/rootfs/app/libs"))) {
            jars = files.map(file -> file.getFileName().toString()).toList();
        }
        assertThat(jars).hasSizeGreaterThan(20);
        assertThat(bill.get("components"))
                .filteredOn(component -> jars.contains(component.get("name").asText() + "-"
                        + component.get("version").asText() + ".jar"))
                .as("libraries of the image that the bill names")
                .hasSizeGreaterThan(jars.size() / 2);
        assertThat(bill.toString())
                .contains("vertx-core", "zstd-jni", "kubernetes-client")
                .doesNotContain("junit");
    }

    @Test
    void saysWhatItIs() {
        assertThat(config.at("/Labels/org.opencontainers.image.title").asText()).isEqualTo("Unroot");
        assertThat(config.at("/Labels/org.opencontainers.image.licenses").asText())
                .isEqualTo("Apache-2.0");
    }

    /** All that was built has a fixed time, or two builds of one commit would differ. */
    @Test
    void holdsNoTimeOfItsBuilding() throws IOException {
        try (var files = Files.walk(folder.resolve("bundle/rootfs/app"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(
                                    Files.getLastModifiedTime(file).toInstant().getEpochSecond())
                            .isEqualTo(1));
        }
    }

    /** As its pod: no capability, no new privileges, a read-only root file system and an empty /tmp. */
    @Test
    void judgesImagesOnAReadOnlyRootFileSystem() throws IOException, InterruptedException {
        Path manifests = Path.of("manifests").toAbsolutePath();
        Result here =
                Programs.unroot(folder, "check", "-f", manifests + "/examples", "--images", manifests + "/images");

        Result result = container.run(
                List.of(manifests), "check", "-f", "/manifests/examples", "--images", "/manifests/images");

        assertThat(result.out())
                .as(result.err())
                .contains("denied")
                .isEqualTo(here.out().replace(manifests.toString(), "/manifests"));
        assertThat(result.err()).isEmpty();
        assertThat(result.exit()).isEqualTo(1);
    }

    /** The one library that is unpacked before it can be loaded is zstd's. */
    @Test
    void readsZstdLayersOnAReadOnlyRootFileSystem() throws IOException, InterruptedException {
        Path images = Files.createDirectories(folder.resolve("zstd"));
        new RealImages(images, "registry.example").make("app", "app", "amd64", "app:x:1000:1000::/:/bin/sh\n");
        Programs.succeed(
                images,
                "skopeo",
                "copy",
                "-q",
                "--dest-compress-format",
                "zstd",
                "oci:layout:app",
                "oci:images:registry.example/app:1");

        Result result = container.run(
                List.of(images.resolve("images")), "image", "registry.example/app:1", "--images", "/images");

        assertThat(result.out()).as(result.err()).contains("non-root").contains("1000");
        assertThat(result.err()).isEmpty();
        assertThat(Files.readString(images.resolve("images/index.json"))).contains("registry.example/app:1");
        assertThat(manifest(images.resolve("images"))).contains("zstd");
    }

    private static String manifest(Path layout) throws IOException {
        String digest = JSON.readTree(layout.resolve("index.json").toFile())
                .at("/manifests/0/digest")
                .asText();
        return Files.readString(layout.resolve("blobs").resolve(digest.replace(':', '/')));
    }
}
