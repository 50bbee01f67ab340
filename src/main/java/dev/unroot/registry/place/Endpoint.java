package dev.unroot.registry.place;

import dev.unroot.common.HostAndPort;
import dev.unroot.common.Text;
import java.util.regex.Pattern;

/**
 * Where a registry's images are served: by itself, or by a mirror.
 *
 * @param name as the configuration or a reference writes it: {@code docker.io}, {@code mirror.example:5000/hub}
 * @param prefix of every repository there, with its slash at the end; empty for none
 */
record Endpoint(Origin origin, String name, String prefix, boolean isMirror) {
    /** What may be part of a repository's name, so that prefix and repository make one. */
    private static final Pattern PREFIX =
            Pattern.compile("[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*");

    static Endpoint ofRegistry(Origin origin, String registry) {
        return new Endpoint(origin, registry, "", false);
    }

    /**
     * Reads an entry of {@code imageLookup.registries[].mirrors}.
     *
     * @throws IllegalArgumentException with a sentence, where it is none
     */
    static Endpoint ofMirror(RegistryHosts hosts, String text) {
        requireMirror(text);
        String path = text.substring(host(text).length());
        return new Endpoint(hosts.api(host(text)), text, path.isEmpty() ? "" : path.substring(1) + "/", true);
    }

    static void requireMirror(String text) {
        String path = text.substring(host(text).length());
        String problem = HostAndPort.problem(host(text));
        if (problem == null
                && !path.isEmpty()
                && !PREFIX.matcher(path.substring(1)).matches()) {
            problem = "its path cannot begin a repository's name";
        }
        if (problem != null) {
            throw new IllegalArgumentException(Text.quote(text) + " is not a mirror: " + problem
                    + ". Write host, host:port or host/path, without https://, for instance mirror.example:5000 or"
                    + " harbor.example/hub");
        }
    }

    /** {@code registry.example:5000}, as credentials are found by. */
    String host() {
        return host(name);
    }

    private static String host(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }
}
