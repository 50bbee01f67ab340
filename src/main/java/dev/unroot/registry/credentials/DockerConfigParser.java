package dev.unroot.registry.credentials;

import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.common.Text;
import dev.unroot.registry.documents.GoJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads docker configs. One bad entry becomes a problem and hides none of the others; no message holds anything but keys.
 *
 * <p>Sources: kubelet, {@code pkg/credentialprovider/config.go}; docker/cli, {@code cli/config/configfile/file.go}.
 */
final class DockerConfigParser {
    private final List<String> problems = new ArrayList<>();
    private final Map<String, AuthConfig> auths = new LinkedHashMap<>();
    private final Map<String, String> helpers = new LinkedHashMap<>();
    private String store = "";

    private DockerConfigParser() {}

    /**
     * Reads {@code config.json}, which is also what a Secret of type {@code kubernetes.io/dockerconfigjson} holds.
     *
     * @throws IOException with a clause, where it is not that
     */
    static DockerConfig configJson(byte[] utf8) throws IOException {
        DockerConfigParser parser = new DockerConfigParser();
        parse(() -> GoJson.document(utf8, parser::section));
        return parser.config();
    }

    /** Reads {@code .dockercfg}, in which what {@code auths} holds is all there is. */
    static DockerConfig dockercfg(byte[] utf8) throws IOException {
        DockerConfigParser parser = new DockerConfigParser();
        parse(() -> GoJson.document(utf8, (folded, value) -> parser.auth(value)));
        return parser.config();
    }

    @FunctionalInterface
    private interface Reading {
        void run() throws IOException;
    }

    private static void parse(Reading reading) throws IOException {
        try {
            reading.run();
        } catch (IOException e) {
            // The parser's own message, and so its cause, would hold excerpts.
            throw new IOException(GoJson.describe(e));
        }
    }

    private void section(String name, JsonParser value) throws IOException {
        switch (name) {
            case "auths" -> GoJson.object(value, (folded, entry) -> auth(entry));
            case "credhelpers" ->
                GoJson.object(value, (folded, entry) -> helpers.put(entry.currentName(), GoJson.string(entry, "")));
            case "credsstore" -> store = GoJson.string(value, store);
            default -> {
                // What else Docker keeps there concerns no registry.
            }
        }
    }

    private void auth(JsonParser value) throws IOException {
        String key = value.currentName();
        Fields fields = new Fields();
        GoJson.object(value, fields::read);
        AuthConfig authConfig = authConfig(key, fields);
        if (authConfig == null) {
            auths.remove(key);
        } else {
            auths.put(key, authConfig);
        }
    }

    private @Nullable AuthConfig authConfig(String key, Fields fields) {
        for (String token : List.of(fields.identityToken, fields.registryToken)) {
            if (!AuthConfigs.isToken(token)) {
                problems.add("the token of " + Text.quote(key) + " is none: it may hold up to " + AuthConfigs.LONGEST
                        + " letters, digits and marks, and no space");
                return null;
            }
        }
        String username = fields.username;
        String password = fields.password;
        if (!fields.auth.isEmpty()) {
            String both = decoded(fields.auth);
            int colon = both == null ? -1 : both.indexOf(':');
            if (both == null || colon < 0) {
                problems.add("\"auth\" of " + Text.quote(key) + " is not base64 of username:password");
                return null;
            }
            username = both.substring(0, colon);
            password = both.substring(colon + 1).replaceAll("\u0000+$", "");
        }
        if (!fields.registryToken.isEmpty()) {
            return new AuthConfig.RegistryToken(fields.registryToken);
        }
        if (!fields.identityToken.isEmpty()) {
            return new AuthConfig.IdentityToken(fields.identityToken);
        }
        if (username.length() + password.length() > AuthConfigs.LONGEST) {
            problems.add("the password of " + Text.quote(key) + " is longer than " + AuthConfigs.LONGEST);
            return null;
        }
        return AuthConfigs.of(username, password);
    }

    private static @Nullable String decoded(String base64) {
        try {
            // With padding or without; Go passes over line ends.
            byte[] bytes =
                    Base64.getDecoder().decode(base64.replaceAll("[\r\n]", "").strip());
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private DockerConfig config() {
        return new DockerConfig(keyring(auths), keyring(helpers), store, problems);
    }

    private <T> Keyring<T> keyring(Map<String, T> values) {
        List<Keyring.Entry<T>> entries = new ArrayList<>();
        values.forEach((key, value) -> {
            try {
                entries.add(new Keyring.Entry<>(RegistryKey.parse(key), value));
            } catch (IllegalArgumentException e) {
                problems.add(Text.why(e));
            }
        });
        return new Keyring<>(entries);
    }

    /** One entry of {@code auths}. */
    private static final class Fields {
        private String auth = "";
        private String username = "";
        private String password = "";
        private String identityToken = "";
        private String registryToken = "";

        void read(String name, JsonParser value) throws IOException {
            switch (name) {
                case "auth" -> auth = GoJson.string(value, auth);
                case "username" -> username = GoJson.string(value, username);
                case "password" -> password = GoJson.string(value, password);
                case "identitytoken" -> identityToken = GoJson.string(value, identityToken);
                case "registrytoken" -> registryToken = GoJson.string(value, registryToken);
                default -> {
                    // An e-mail address, mostly.
                }
            }
        }
    }
}
