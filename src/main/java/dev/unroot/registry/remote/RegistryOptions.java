package dev.unroot.registry.remote;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says of one host: an entry of {@code imageLookup.registries[]}. It holds for the registry itself, and
 * for a mirror, a token realm or a redirect's target of that name; an entry for a registry says nothing about other hosts.
 *
 * @param host {@code ghcr.io}, {@code registry.example:5000}: as references write it
 * @param mirrors {@code host}, {@code host:port} or {@code host/path}, asked before the registry in this order
 * @param caFile PEM certificates trusted for this host in addition to the default ones; null for none
 * @param plainHttp talk http instead of https
 * @param allowPrivate it may be at a loopback, private or unique-local address
 * @param credentials a docker config for this host alone; null for none
 * @param tokenServices other hosts that may be shown this host's credentials, since they grant its tokens
 */
public record RegistryOptions(
        String host,
        List<String> mirrors,
        @Nullable Path caFile,
        boolean plainHttp,
        boolean allowPrivate,
        @Nullable Path credentials,
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
        return new RegistryOptions(host, List.of(), null, false, false, null, List.of());
    }

    public RegistryOptions withMirrors(String... inOrder) {
        return new RegistryOptions(host, List.of(inOrder), caFile, plainHttp, allowPrivate, credentials, tokenServices);
    }

    public RegistryOptions withCaFile(Path file) {
        return new RegistryOptions(host, mirrors, file, plainHttp, allowPrivate, credentials, tokenServices);
    }

    public RegistryOptions withPlainHttp() {
        return new RegistryOptions(host, mirrors, caFile, true, allowPrivate, credentials, tokenServices);
    }

    public RegistryOptions withAllowPrivate() {
        return new RegistryOptions(host, mirrors, caFile, plainHttp, true, credentials, tokenServices);
    }

    public RegistryOptions withCredentials(Path file) {
        return new RegistryOptions(host, mirrors, caFile, plainHttp, allowPrivate, file, tokenServices);
    }

    public RegistryOptions withTokenServices(String... hosts) {
        return new RegistryOptions(host, mirrors, caFile, plainHttp, allowPrivate, credentials, List.of(hosts));
    }
}
