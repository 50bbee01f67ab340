package dev.unroot.registry.remote;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says of one host: an entry of {@code imageLookup.registries[]}. It holds for the registry itself, and
 * for a token realm or a redirect's target of that name; an entry for a registry says nothing about other hosts.
 *
 * @param host {@code ghcr.io}, {@code registry.example:5000}: as references write it
 * @param caFile PEM certificates trusted for this host in addition to the default ones; null for none
 * @param plainHttp talk http instead of https
 * @param allowPrivate it may be at a loopback, private or unique-local address
 */
public record RegistryOptions(String host, @Nullable Path caFile, boolean plainHttp, boolean allowPrivate) {
    public static RegistryOptions of(String host) {
        return new RegistryOptions(host, null, false, false);
    }

    public RegistryOptions withCaFile(Path file) {
        return new RegistryOptions(host, file, plainHttp, allowPrivate);
    }

    public RegistryOptions withPlainHttp() {
        return new RegistryOptions(host, caFile, true, allowPrivate);
    }

    public RegistryOptions withAllowPrivate() {
        return new RegistryOptions(host, caFile, plainHttp, true);
    }
}
