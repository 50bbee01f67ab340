package dev.unroot.registry.credentials;

import dev.unroot.common.HostAndPort;
import dev.unroot.common.Text;
import dev.unroot.model.DockerHub;
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
        HostAndPort read = HostAndPort.split(authority);
        String port = port(read);
        if (!HOST.matcher(read.host()).matches() || !PORT.matcher(port).matches()) {
            throw new IllegalArgumentException("its key " + Text.quote(written) + " is no registry's host");
        }
        return new RegistryKey(authority + path, host(read), port, path);
    }

    boolean matches(ImageReference reference) {
        HostAndPort registry = HostAndPort.split(reference.registry());
        return port.equals(port(registry))
                && ("/" + reference.repository()).startsWith(path)
                && matchesHost(host(registry));
    }

    /** Whether this is the key that Docker Hub's images fall back to. */
    boolean isDefaultRegistry() {
        return text.equals(DockerHub.INDEX);
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

    private static String port(HostAndPort of) {
        return of.port() == null ? "" : of.port();
    }

    /** An IPv6 address without its brackets, which are a glob's range elsewhere. */
    private static String host(HostAndPort of) {
        return of.host().indexOf(':') >= 0 ? HostAndPort.withoutBrackets(of.host()) : of.host();
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
