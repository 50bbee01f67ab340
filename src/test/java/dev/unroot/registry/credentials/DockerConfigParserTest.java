package dev.unroot.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.model.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerConfigParserTest {
    private static final ImageReference IMAGE = ImageReference.parse("registry.example/app");

    private static DockerConfig parse(String json) throws IOException {
        return DockerConfigParser.configJson(json.getBytes(StandardCharsets.UTF_8));
    }

    private static DockerConfig entry(String fields) throws IOException {
        return parse("{\"auths\": {\"registry.example\": {" + fields + "}}}");
    }

    private static List<AuthConfig> authConfigs(DockerConfig config) {
        return config.auths().find(IMAGE);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "cm9ib3Q6c2VjcmV0,              robot, secret",
        "cm9ib3Q6c2VjcmV0OndpdGg6Y29sb25z, robot, secret:with:colons",
        "cm9ib3Q6c2VjcmV0cw==,          robot, secrets",
        "cm9ib3Q6c2VjcmV0cw,            robot, secrets",
        "'cm9ib3Q6c2Vj\\ncmV0\\n',       robot, secret",
    })
    void authIsUserNameAndPasswordWithPaddingOrWithout(String auth, String user, String password) throws IOException {
        assertThat(authConfigs(entry("\"auth\": \"" + auth + "\"")))
                .containsExactly(new AuthConfig.Password(user, password));
    }

    @Test
    void authOverridesUserNameAndPassword() throws IOException {
        assertThat(authConfigs(entry("\"username\": \"a\", \"password\": \"b\"")))
                .containsExactly(new AuthConfig.Password("a", "b"));
        assertThat(authConfigs(entry("\"username\": \"a\", \"password\": \"b\", \"auth\": \"" + base64("c:d") + "\"")))
                .containsExactly(new AuthConfig.Password("c", "d"));
        assertThat(authConfigs(entry("\"Username\": \"a\", \"PASSWORD\": \"b\"")))
                .containsExactly(new AuthConfig.Password("a", "b"));
    }

    @Test
    void tokensComeBeforePasswords() throws IOException {
        String user = "\"auth\": \"" + base64("00000000-0000-0000-0000-000000000000:") + "\"";
        assertThat(authConfigs(entry(user + ", \"identitytoken\": \"refresh\"")))
                .containsExactly(new AuthConfig.IdentityToken("refresh"));
        assertThat(authConfigs(entry("\"identitytoken\": \"refresh\", \"registrytoken\": \"bearer\"")))
                .containsExactly(new AuthConfig.RegistryToken("bearer"));
        assertThat(authConfigs(entry("\"auth\": \"" + base64(":refresh") + "\"")))
                .containsExactly(new AuthConfig.IdentityToken("refresh"));
    }

    @Test
    void whatHoldsNothingIsNoCredential() throws IOException {
        for (String nothing : List.of("", "\"email\": \"a@b\"", "\"username\": \"a\"", "\"auth\": \"\"")) {
            DockerConfig config = entry(nothing);
            assertThat(authConfigs(config)).as(nothing).isEmpty();
            assertThat(config.problems()).isEmpty();
            assertThat(config.concerns(IMAGE)).isFalse();
        }
        assertThat(parse("{\"auths\": {\"registry.example\": null}}").auths().entries())
                .isEmpty();
    }

    @Test
    void oneBadEntryHidesNoOther() throws IOException {
        DockerConfig config = parse("""
                {"auths": {
                  "a.example": {"auth": "***"},
                  "b.example": {"auth": "bm9jb2xvbg=="},
                  "c d": {"username": "u", "password": "planted"},
                  "e.example": {"identitytoken": "planted planted"},
                  "registry.example": {"username": "u", "password": "p"}}}
                """);
        assertThat(authConfigs(config)).containsExactly(new AuthConfig.Password("u", "p"));
        assertThat(config.problems())
                .containsExactlyInAnyOrder(
                        "\"auth\" of \"a.example\" is not base64 of username:password",
                        "\"auth\" of \"b.example\" is not base64 of username:password",
                        "its key \"c d\" is no registry's host",
                        "the token of \"e.example\" is none: it may hold up to 12288 letters, digits and marks, and no"
                                + " space");
    }

    @Test
    void readsHelpersAndStore() throws IOException {
        DockerConfig config = parse("""
                {"credHelpers": {"*.dkr.ecr.*.amazonaws.com": "ecr-login"}, "credsStore": "desktop",
                 "HttpHeaders": {"a": "b"}, "detachKeys": "ctrl-e"}
                """);
        assertThat(config.helpers().find(ImageReference.parse("1.dkr.ecr.eu.amazonaws.com/app")))
                .containsExactly("ecr-login");
        assertThat(config.store()).isEqualTo("desktop");
        assertThat(config.concerns(IMAGE)).isTrue();
    }

    @Test
    void dockercfgIsAuthsAlone() throws IOException {
        String json = "{\"https://registry.example\": {\"auth\": \"" + base64("u:p") + "\", \"email\": \"a@b\"}}";
        assertThat(authConfigs(DockerConfigParser.dockercfg(json.getBytes(StandardCharsets.UTF_8))))
                .containsExactly(new AuthConfig.Password("u", "p"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                          | the document is empty",
                "planted                                     | it is not valid JSON",
                "{\"auths\": {\"a\": {\"auth\": \"planted}    | it is not valid JSON",
                "[\"planted\"]                               | the document is not an object",
                "{\"auths\": [\"planted\"]}                   | \"auths\" is not an object",
                "{\"auths\": {\"a\": \"planted\"}}             | \"a\" is not an object",
                "{\"auths\": {\"a\": {\"auth\": {\"planted\": 1}}}} | \"auth\" is not a string",
                "{\"credsStore\": 7}                         | \"credsStore\" is not a string",
            })
    void saysWhatIsWrongWithoutSayingWhatIsThere(String json, String problem) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(IOException.class)
                .hasMessage(problem)
                .hasNoCause();
    }

    @Test
    void printsNothingOfIt() throws IOException {
        DockerConfig config = entry("\"username\": \"u\", \"password\": \"planted\"");
        assertThat(config + " " + config.auths() + " " + authConfigs(config)).doesNotContain("planted");
    }
}
