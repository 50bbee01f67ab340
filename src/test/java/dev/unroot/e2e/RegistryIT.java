package dev.unroot.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real images in a real registry: {@code image}, {@code check} and {@code serve} agree on each. */
class RegistryIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWD = "root:x:0:0::/:/bin/sh\napp:x:1000:1001::/:/bin/sh\n";

    @TempDir
    static Path folder;

    @AutoClose
    private static DockerRegistry registry;

    private static String numeric;
    private static String named;
    private static String root;
    private static String zstd;
    private static String index;

    @AutoClose
    private static RunningWebhook webhook;

    @BeforeAll
    static void pushImages() throws Exception {
        registry = DockerRegistry.start(folder);
        RealImages images = new RealImages(folder, registry.host());
        images.make("numeric", "10001", "amd64", PASSWD);
        images.make("named", "app", "amd64", PASSWD);
        images.make("root", "root", "amd64", PASSWD);
        images.make("zstd", "app", "amd64", PASSWD.replace("1000", "2000"));
        images.make("index-amd64", "app", "amd64", PASSWD);
        images.make("index-arm64", "0", "arm64", PASSWD);
        images.index("index", "index-amd64", "index-arm64");
        numeric = images.push("numeric");
        named = images.push("named", "--format", "v2s2");
        root = images.push("root");
        zstd = images.push("zstd", "--format", "oci", "--dest-compress", "--dest-compress-format", "zstd");
        index = images.push("index", "--format", "oci");
        webhook = RunningWebhook.start(folder, registry.host());
    }

    @Test
    void aNumericUserIsNotRoot() throws Exception {
        assertThat(platforms(numeric, 0)).hasSize(1).first().satisfies(platform -> {
            assertThat(platform.get("uid").asLong()).isEqualTo(10001);
            assertThat(platform.get("gid").asLong()).isZero();
            assertThat(platform.get("verdict").asText()).isEqualTo("non-root");
            assertThat(platform.get("withRunAsNonRoot").asText()).isEqualTo("starts");
        });
        assertAgreement(numeric, true, "");
    }

    @Test
    void aNameIsLookedUpInALowerLayer() throws Exception {
        assertThat(platforms(named, 0)).hasSize(1).first().satisfies(platform -> {
            assertThat(platform.get("user").asText()).isEqualTo("app");
            assertThat(platform.get("uid").asLong()).isEqualTo(1000);
            assertThat(platform.get("gid").asLong()).isEqualTo(1001);
            assertThat(platform.get("verdict").asText()).isEqualTo("non-root");
            assertThat(platform.get("withRunAsNonRoot").asText()).isEqualTo("refused");
        });
        assertAgreement(named, true, "");
    }

    @Test
    void aNameThatIsRootIsRoot() throws Exception {
        assertThat(platforms(root, 1))
                .hasSize(1)
                .first()
                .satisfies(
                        platform -> assertThat(platform.get("verdict").asText()).isEqualTo("root"));
        assertAgreement(root, false, "runs as root: image " + root + " has USER \"root\"");
    }

    @Test
    void aZstdLayerIsRead() throws Exception {
        String mediaType = Programs.succeed(
                        folder, "skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + zstd)
                .out();
        assertThat(mediaType).contains("+zstd");
        assertThat(platforms(zstd, 0))
                .first()
                .satisfies(platform -> assertThat(platform.get("uid").asLong()).isEqualTo(2000));
        assertAgreement(zstd, true, "");
    }

    @Test
    void everyPlatformOfAnIndexIsJudged() throws Exception {
        assertThat(platforms(index, 1)).hasSize(2);
        assertAgreement(index, false, "runs as root on linux/arm64");
    }

    @Test
    void anImageThatIsNotThereIsNotAllowed() throws Exception {
        String missing = registry.host() + "/team/missing:1";
        Programs.Result result = Programs.unroot(folder, "image", "--output", "json", missing);
        assertThat(result.exit()).isEqualTo(1);
        assertAgreement(missing, false, "could not be verified");
    }

    @Test
    void aDigestPinsTheAnswer() throws Exception {
        String digest = JSON.readTree(Programs.unroot(folder, "image", "--output", "json", named)
                        .out())
                .at("/images/0/digest")
                .asText();
        String pinned = named.substring(0, named.lastIndexOf(':')) + "@" + digest;
        JsonNode report = check(pinned, "--level", "nonroot");
        assertThat(report.at("/subjects/0/allowed").asBoolean()).isTrue();
        assertThat(report.at("/subjects/0/findings/0/confidence").asText()).isEqualTo("digest");
    }

    private static JsonNode platforms(String reference, int exit) throws Exception {
        Programs.Result result = Programs.unroot(folder, "image", "--output", "json", reference);
        assertThat(result.exit()).as(result.err()).isEqualTo(exit);
        return JSON.readTree(result.out()).at("/images/0/platforms");
    }

    private static void assertAgreement(String reference, boolean allowed, String message) throws Exception {
        JsonNode report = check(reference, "--level", "nonroot");
        assertThat(report.at("/subjects/0/allowed").asBoolean())
                .as(report.toString())
                .isEqualTo(allowed);
        assertThat(report.at("/subjects/0/findings").toString().replace("\\\"", "\""))
                .contains(message);

        JsonNode response = webhook.review(reference);
        assertThat(response.at("/response/allowed").asBoolean())
                .as(response.toString())
                .isEqualTo(allowed);
        assertThat(response.at("/response/status/message").asText()).contains(message);
    }

    private static JsonNode check(String reference, String... options) throws IOException, InterruptedException {
        Path manifest = Files.writeString(folder.resolve("pod.yaml"), """
                apiVersion: v1
                kind: Pod
                metadata: {name: app}
                spec: {containers: [{name: app, image: "%s"}]}
                """.formatted(reference));
        // A process that has just begun is slow, and more so beside others.
        Path configuration = Files.writeString(folder.resolve("check.yaml"), """
                apiVersion: unroot.dev/v1
                kind: UnrootConfiguration
                imageLookup: {timeout: 60s}
                """);
        String[] arguments = new String[options.length + 7];
        arguments[0] = "check";
        arguments[1] = "-f";
        arguments[2] = manifest.toString();
        arguments[3] = "--output";
        arguments[4] = "json";
        arguments[5] = "--config";
        arguments[6] = configuration.toString();
        System.arraycopy(options, 0, arguments, 7, options.length);
        return JSON.readTree(Programs.unroot(folder, arguments).out());
    }
}
