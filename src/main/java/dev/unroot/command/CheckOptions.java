package dev.unroot.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How {@code check} judges.
 *
 * @param config the configuration file; null where none is given
 * @param images an OCI layout or tar to read images from instead of registries; null where none is given
 * @param offline look nothing up; never together with images
 */
public record CheckOptions(@Nullable Path config, @Nullable Path images, boolean offline) {}
