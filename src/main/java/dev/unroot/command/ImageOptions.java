package dev.unroot.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where {@code image} looks.
 *
 * @param images an OCI layout or tar to read images from instead of registries; null where none is given
 */
public record ImageOptions(@Nullable Path images) {}
