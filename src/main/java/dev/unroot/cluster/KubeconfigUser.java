package dev.unroot.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.unroot.certificate.CertifiedKey;
import dev.unroot.common.Text;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code users[].user} of a kubeconfig, where the client's loading is not kubectl's: each field works, or is refused by its
 * name.
 *
 * <p>Source: client-go {@code tools/clientcmd/api/v1/types.go} ({@code AuthInfo}), {@code validation.go},
 * {@code plugin/pkg/client/auth/exec}.
 */
final class KubeconfigUser {
    private static final Set<String> EXEC_VERSIONS =
            Set.of("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1");

    private KubeconfigUser() {}

    /** Before the client loads it, for that runs programs. @throws ClusterException which names the field */
    static void check(Kubeconfig kubeconfig) {
        AuthInfo user = kubeconfig.user();
        checkHeader(kubeconfig, "token", user.getToken());
        checkHeader(kubeconfig, "as", user.getAs());
        for (String group : user.getAsGroups() == null ? List.<String>of() : user.getAsGroups()) {
            checkHeader(kubeconfig, "as-groups", group);
        }
        for (List<String> values : user.getAsUserExtra() == null
                ? List.<List<String>>of()
                : user.getAsUserExtra().values()) {
            for (String value : values) {
                checkHeader(kubeconfig, "as-user-extra", value);
            }
        }
        boolean hasToken = isSet(user.getToken()) || isSet(user.getTokenFile());
        if (hasToken && isSet(user.getUsername())) {
            throw kubeconfig.wrong(kubeconfig.ofUser("username"), "is set beside a token: leave one of them");
        }
        if (user.getExec() != null) {
            check(kubeconfig, user.getExec());
        }
        if (user.getAuthProvider() != null
                && !"oidc".equals(user.getAuthProvider().getName())) {
            throw kubeconfig.wrong(
                    kubeconfig.ofUser("auth-provider"),
                    "is " + Text.quote(String.valueOf(user.getAuthProvider().getName()))
                            + ", which kubectl no longer has either: use the provider's exec plugin");
        }
        boolean more = isSet(user.getAsUid())
                || (user.getAsGroups() != null && !user.getAsGroups().isEmpty())
                || (user.getAsUserExtra() != null && !user.getAsUserExtra().isEmpty());
        if (more && !isSet(user.getAs())) {
            throw kubeconfig.wrong(kubeconfig.ofUser("as"), "is not set, and as-uid, as-groups or as-user-extra is");
        }
        if (isSet(user.getAsUid())) {
            throw kubeconfig.wrong(kubeconfig.ofUser("as-uid"), "cannot be impersonated by Unroot: leave it out");
        }
    }

    /** The client would refuse it at each request, and say which header it was: with the token in it. */
    private static void checkHeader(Kubeconfig kubeconfig, String field, @Nullable String value) {
        if (value != null && !TokenFile.isHeaderValue(value)) {
            throw kubeconfig.wrong(
                    kubeconfig.ofUser(field),
                    "holds a line break or another character that no HTTP header takes: write it on one line, in quotes");
        }
    }

    private static void check(Kubeconfig kubeconfig, ExecConfig exec) {
        if (!isSet(exec.getCommand())) {
            throw kubeconfig.wrong(kubeconfig.ofUser("exec.command"), "is not set");
        }
        if (!EXEC_VERSIONS.contains(String.valueOf(exec.getApiVersion()))) {
            throw kubeconfig.wrong(
                    kubeconfig.ofUser("exec.apiVersion"),
                    "is " + Text.quote(String.valueOf(exec.getApiVersion()))
                            + ", and Unroot knows client.authentication.k8s.io/v1 and v1beta1");
        }
        if (Boolean.TRUE.equals(exec.getProvideClusterInfo())) {
            throw kubeconfig.wrong(
                    kubeconfig.ofUser("exec.provideClusterInfo"),
                    "is true, and Unroot tells a plugin nothing: set it to false");
        }
        if ("Always".equals(exec.getInteractiveMode())) {
            throw kubeconfig.wrong(
                    kubeconfig.ofUser("exec.interactiveMode"), "is Always, and Unroot has no terminal to ask at");
        }
    }

    /** After that. @throws ClusterException which names the field */
    static void apply(Kubeconfig kubeconfig, Config config) {
        AuthInfo user = kubeconfig.user();
        if (isSet(user.getTokenFile())) {
            Path file = kubeconfig.resolve(user.getTokenFile());
            if (!Files.isReadable(file)) {
                throw kubeconfig.wrong(
                        kubeconfig.ofUser("tokenFile"),
                        "names " + Text.plain(file.toString()) + ", which cannot be read");
            }
            config.setOauthTokenProvider(new TokenFile(file));
        }
        if (isSet(user.getAs())) {
            config.setImpersonateUsername(user.getAs());
            if (user.getAsGroups() != null) {
                config.setImpersonateGroups(user.getAsGroups().toArray(String[]::new));
            }
            if (user.getAsUserExtra() != null) {
                config.setImpersonateExtras(user.getAsUserExtra());
            }
        }
        boolean byPlugin = user.getExec() != null && !isSet(user.getToken());
        checkHeader(kubeconfig, "exec: token", config.getAutoOAuthToken());
        if (byPlugin && !isSet(config.getAutoOAuthToken()) && !isSet(config.getClientCertData())) {
            throw kubeconfig.wrong(
                    kubeconfig.ofUser("exec"),
                    "gave no credential: " + Text.plain(user.getExec().getCommand())
                            + " could not be run, failed, or answered with neither a token nor a certificate and its"
                            + " key");
        }
        certificate(kubeconfig, config, byPlugin);
    }

    /** A key of any kind and form that TLS can use, in the one form that the client reads of each kind. */
    private static void certificate(Kubeconfig kubeconfig, Config config, boolean byPlugin) {
        String origin = byPlugin ? "exec: " : "";
        String chain =
                text(kubeconfig, origin + "client-certificate", config.getClientCertData(), config.getClientCertFile());
        String key = text(kubeconfig, origin + "client-key", config.getClientKeyData(), config.getClientKeyFile());
        if (chain == null && key == null) {
            return;
        }
        if (chain == null || key == null) {
            throw kubeconfig.wrong(
                    kubeconfig.ofUser(origin + (chain == null ? "client-certificate" : "client-key")),
                    "is not set, and " + (chain == null ? "client-key" : "client-certificate") + " is");
        }
        CertifiedKey pair;
        try {
            String prefix = "kubeconfig " + kubeconfig.file() + ": ";
            pair = CertifiedKey.parse(
                    prefix + kubeconfig.ofUser(origin + "client-certificate"),
                    chain,
                    prefix + kubeconfig.ofUser(origin + "client-key"),
                    key);
        } catch (IOException unusable) {
            throw new ClusterException(Text.why(unusable));
        }
        config.setClientCertFile(null);
        config.setClientCertData(base64(pair.chainPem()));
        config.setClientKeyFile(null);
        config.setClientKeyData(base64(pair.keyPem()));
        config.setClientKeyAlgo(pair.certificate().getPublicKey().getAlgorithm());
    }

    private static @Nullable String text(
            Kubeconfig kubeconfig, String field, @Nullable String data, @Nullable String file) {
        if (data != null && !data.isEmpty()) {
            // A plugin gives PEM as it is.
            if (data.contains("-----BEGIN")) {
                return data;
            }
            try {
                return new String(Base64.getMimeDecoder().decode(data), UTF_8);
            } catch (IllegalArgumentException e) {
                throw kubeconfig.wrong(kubeconfig.ofUser(field + "-data"), "is not base64");
            }
        }
        if (file == null || file.isEmpty()) {
            return null;
        }
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | RuntimeException unreadable) {
            throw kubeconfig.wrong(
                    kubeconfig.ofUser(field), "names " + Text.plain(file) + ", which cannot be read as PEM");
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isEmpty();
    }
}
