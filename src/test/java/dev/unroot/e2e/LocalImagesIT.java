package dev.unroot.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.TestCommandLine;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layouts and archives whose images have no full name, as umoci and skopeo write them. */
class LocalImagesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWD = "app:x:1000:1001::/:\n";

    @TempDir
    Path folder;

    @BeforeEach
    void makeAnImage() throws Exception {
        Programs.require("umoci", "skopeo");
        new RealImages(folder, "registry.example").make("v1.2", "app", "amd64", PASSWD);
    }

    private JsonNode image(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 3];
        all[0] = "image";
        all[1] = "--output";
        all[2] = "json";
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        TestCommandLine.Result result = TestCommandLine.run(TestCommandLine.services(), all);
        assertThat(result.err()).isEmpty();
        assertThat(result.exit()).isZero();
        JsonNode images = JSON.readTree(result.out()).get("images");
        assertThat(images).hasSize(1);
        assertThat(images.at("/0/platforms/0/uid").asInt()).isEqualTo(1000);
        return images.get(0);
    }

    private void copied(String target) throws Exception {
        Programs.succeed(folder, "skopeo", "copy", "--insecure-policy", "oci:layout:v1.2", target);
    }

    @Test
    void aBareTagIsNoObstacle() throws Exception {
        String layout = folder.resolve("layout").toString();
        String digest = image("--images", layout).get("digest").asText();

        assertThat(image("--images", layout, "@" + digest).get("reference").asText())
                .isEqualTo("@" + digest);
    }

    @Test
    void neitherIsNoNameAtAll() throws Exception {
        copied("oci:plain");
        copied("oci-archive:oci.tar");
        copied("docker-archive:docker.tar");
        for (String images : new String[] {"plain", "oci.tar", "docker.tar"}) {
            String path = folder.resolve(images).toString();
            String reference = image("--images", path).get("reference").asText();

            assertThat(reference).as(images).startsWith("@sha256:");
            image("--images", path, reference);
        }
    }
}
