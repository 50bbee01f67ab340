package dev.unroot.registry.place;

import dev.unroot.model.ConfiguredFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says of one host: an entry of {@code imageLookup.registries[]}. It holds for the registry itself, and
 * for a mirror, a token realm or a redirect's target of that name; an entry for a registry says nothing about other hosts.
 *
 * @param host {@code ghcr.io}, {@code registry.example:5000}: as references write it
 * @param mirrors {@code host}, {@code host:port} or {@code host/path}, asked before the registry in this order
 * @param tls whom to trust there, and what to show
 * @param plainHttp talk http instead of https
 * @param allowPrivate it may be at a loopback, private or unique-local address
 * @param credentials a docker config for this host alone; null for none
 * @param tokenServices other hosts that may be shown this host's credentials, since they grant its tokens
 */
public record RegistryOptions(
        String host,
        List<String> mirrors,
        HostTls tls,
        boolean plainHttp,
        boolean allowPrivate,
        @Nullable ConfiguredFile credentials,
        List<String> tokenServices) {
    public RegistryOptions {
        mirrors = List.copyOf(mirrors);
        tokenServices = List.copyOf(tokenServices);
    }

    /**
     * Checks what an operator writes as a mirror.
     *
     * @throws IllegalArgumentException with a sentence that says how to write it
     */
    public static String mirror(String text) {
        Endpoint.requireMirror(text);
        return text;
    }

    public static RegistryOptions of(String host) {
        return new RegistryOptions(host, List.of(), HostTls.STANDARD, false, false, null, List.of());
    }
}
