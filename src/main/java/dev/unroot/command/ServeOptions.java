package dev.unroot.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How {@code serve} runs.
 *
 * @param config the configuration file; null where none is given
 * @param standalone without a cluster, on 127.0.0.1, with a certificate of its own
 * @param images an OCI layout or tar to read images from instead of registries; null where none is given
 * @param port of the webhook, HTTPS; 0 for any that is free
 * @param managementPort of health and metrics, plain HTTP; likewise
 * @param writeCa where to write the CA of the certificate made in memory; null where it is not wanted, and always
 *     without standalone
 */
public record ServeOptions(
        @Nullable Path config,
        boolean standalone,
        @Nullable Path images,
        int port,
        int managementPort,
        @Nullable Path writeCa) {}
