package dev.unroot.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real registry that wants a password: given by a docker config, by a credential helper, by a file that changes. */
class PrivateRegistryIT {
    private static final String PASSWORD = "let-me-in";
    private static final String USER = "robot:" + PASSWORD;
    /** What {@code htpasswd -nbB} makes of both. */
    private static final String HTPASSWD = "robot:$2y$05$UwB.EmZhmc8AQwYwE1IPQOfBouIpLeMnHhZxBr0ALOA7PFHxcljLW\n";

    @TempDir
    static Path folder;

    @AutoClose
    private static DockerRegistry registry;

    private static String first;
    private static String second;

    @BeforeAll
    static void pushImages() throws Exception {
        Path passwords = Files.writeString(folder.resolve("htpasswd"), HTPASSWD);
        registry = DockerRegistry.start(folder, "auth: {htpasswd: {realm: private, path: " + passwords + "}}");
        RealImages images = new RealImages(folder, registry.host());
        String passwd = "root:x:0:0::/:/bin/sh\napp:x:1000:1001::/:/bin/sh\n";
        images.make("first", "app", "amd64", passwd);
        images.make("second", "app", "amd64", passwd);
        first = images.push("first", "--dest-creds", USER);
        second = images.push("second", "--dest-creds", USER);
    }

    private static String config(String userAndPassword) {
        String auth = Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
        return "{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"" + auth + "\"}}}";
    }

    private static Path dockerConfig(String name, String json) throws IOException {
        Path directory = Files.createDirectories(folder.resolve(name));
        Files.writeString(directory.resolve("config.json"), json);
        return directory;
    }

    private static Programs.Result image(Path dockerConfig, String path) throws Exception {
        Map<String, String> environment = Map.of("DOCKER_CONFIG", dockerConfig.toString(), "PATH", path);
        Programs.Result result = Programs.unroot(folder, environment, "image", first);
        assertThat(result.out() + result.err()).doesNotContain(PASSWORD);
        return result;
    }

    @Test
    void nobodyIsToldHowToLogIn() throws Exception {
        Programs.Result result = image(folder.resolve("none"), System.getenv("PATH"));
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out())
                .contains(
                        "answered 401", "(asked without credentials: your docker config ", "log in with docker login");
    }

    @Test
    void whoeverHasLoggedInReadsIt() throws Exception {
        Programs.Result result = image(dockerConfig("right", config(USER)), System.getenv("PATH"));
        assertThat(result.exit()).as(result.out() + result.err()).isZero();
        assertThat(result.out()).contains("1000");
        assertThat(image(dockerConfig("wrong", config("robot:wrong")), System.getenv("PATH"))
                        .out())
                .contains("answered 401", "(tried your docker config " + folder.resolve("wrong/config.json") + ")");
    }

    @Test
    void aHelperOnThePathIsAsked() throws Exception {
        Path helpers = Files.createDirectories(folder.resolve("helpers"));
        Path helper = Files.writeString(
                helpers.resolve("docker-credential-script"), """
                #!/bin/sh
                read server
                [ "$1 $server" = "get %s" ] && echo '{"ServerURL":"","Username":"robot","Secret":"%s"}'
                """.formatted(registry.host(), PASSWORD));
        Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
        Path config = dockerConfig("helped", "{\"credHelpers\":{\"" + registry.host() + "\":\"script\"}}");

        Programs.Result result = image(config, helpers + ":" + System.getenv("PATH"));
        assertThat(result.exit()).as(result.out() + result.err()).isZero();
        assertThat(image(config, System.getenv("PATH")).out())
                .contains("credential helper docker-credential-script is not on the PATH");
    }

    @Test
    void aConfigThatIsNoneIsNamed() throws Exception {
        Path config = dockerConfig("broken", "let-me-in");
        Programs.Result result = image(config, System.getenv("PATH"));
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err())
                .contains("docker config " + config.resolve("config.json") + " cannot be read: it is not valid JSON");
    }

    @Test
    void theWebhookTakesUpAFileThatASidecarReplaces() throws Exception {
        Path config = dockerConfig("sidecar", config("robot:expired")).resolve("config.json");
        try (RunningWebhook webhook = RunningWebhook.start(folder, registry.host(), "  dockerConfig: " + config)) {
            JsonNode refused = webhook.review(first);
            assertThat(refused.at("/response/allowed").asBoolean()).isFalse();
            assertThat(refused.at("/response/status/message").asText())
                    .contains("answered 401", "(tried docker config " + config + ")")
                    .doesNotContain(PASSWORD);

            Path fresh = Files.writeString(folder.resolve("fresh.json"), config(USER));
            Files.move(fresh, config, StandardCopyOption.ATOMIC_MOVE);
            // It is not looked at more often than every two seconds.
            Thread.sleep(Duration.ofSeconds(3).toMillis());
            assertThat(webhook.review(second).at("/response/allowed").asBoolean())
                    .isTrue();
        }
        assertThat(Files.readString(folder.resolve("webhook.log")))
                .contains("was read again")
                .doesNotContain(PASSWORD);
    }
}
