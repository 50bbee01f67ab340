package dev.unroot.registry.credentials;

import dev.unroot.common.Text;
import dev.unroot.model.ImageReference;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * What a docker config keeps a credential under: {@code https://index.docker.io/v1/}, {@code *.registry.example/team}.
 *
 * <p>Source: kubelet, {@code pkg/credentialprovider/keyring.go}. The scheme is optional and {@code /v1/} or {@code /v2/} at
 * the start of the path is dropped. Ports are equal as text; hosts have the same number of labels, each matched by itself,
 * so that {@code registry.example} is no key for {@code registry.example.evil.test}; the path is a prefix of the
 * repository's, character by character: {@code registry.example/team} is a key for {@code registry.example/team-b/app}.
 *
 * @param text without the scheme and that version
 * @param port empty for none
 * @param path starts with a slash; empty for none
 */
record RegistryKey(String text, String host, String port, String path) {
    /** The most specific first: a longer path before its prefix, a name before a glob. */
    static final Comparator<RegistryKey> MOST_SPECIFIC_FIRST =
            Comparator.comparing(RegistryKey::text).reversed();

    private static final String DEFAULT_REGISTRY = "index.docker.io";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._~*\\[\\]-]+|\\[[0-9a-fA-F:]+\\]");
    private static final Pattern PORT = Pattern.compile("[0-9]*");

    /** @throws IllegalArgumentException with a clause, where this can be no registry's key */
    static RegistryKey parse(String written) {
        String rest = written.startsWith("https://")
                ? written.substring("https://".length())
                : written.startsWith("http://") ? written.substring("http://".length()) : written;
        int end = firstOf(rest, "?#");
        rest = rest.substring(0, end);
        int slash = firstOf(rest, "/");
        String authority = rest.substring(0, slash);
        authority = authority.substring(authority.lastIndexOf('@') + 1);
        String path = rest.substring(slash);
        if (path.startsWith("/v1/") || path.startsWith("/v2/")) {
            path = path.substring("/v1".length());
        }
        if (path.equals("/")) {
            path = "";
        }
        int colon = portColon(authority);
        String host = authority.substring(0, colon);
        String port = colon == authority.length() ? "" : authority.substring(colon + 1);
        if (!HOST.matcher(host).matches() || !PORT.matcher(port).matches()) {
            throw new IllegalArgumentException("its key " + Text.quote(written) + " is no registry's host");
        }
        return new RegistryKey(authority + path, withoutBrackets(host), port, path);
    }

    boolean matches(ImageReference reference) {
        String registry = reference.registry();
        int colon = portColon(registry);
        String targetPort = colon == registry.length() ? "" : registry.substring(colon + 1);
        return port.equals(targetPort)
                && ("/" + reference.repository()).startsWith(path)
                && matchesHost(withoutBrackets(registry.substring(0, colon)));
    }

    /** Whether this is the key that Docker Hub's images fall back to. */
    boolean isDefaultRegistry() {
        return text.equals(DEFAULT_REGISTRY);
    }

    private boolean matchesHost(String target) {
        String[] labels = host.split("\\.", -1);
        String[] targets = target.split("\\.", -1);
        if (labels.length != targets.length) {
            return false;
        }
        for (int i = 0; i < labels.length; i++) {
            if (!LabelGlob.matches(labels[i], targets[i])) {
                return false;
            }
        }
        return true;
    }

    /** Of an IPv6 address. */
    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") && host.indexOf(':') >= 0
                ? host.substring(1, host.length() - 1)
                : host;
    }

    /** Where the port's colon is; the length where there is none. */
    private static int portColon(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || authority.endsWith("]") ? authority.length() : colon;
    }

    private static int firstOf(String text, String marks) {
        for (int i = 0; i < text.length(); i++) {
            if (marks.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }
}
