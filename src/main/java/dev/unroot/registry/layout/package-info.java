/**
 * Images from local files instead of registries: an OCI image layout, or a tar of one, or what {@code docker save} writes.
 * Reads in place, nothing outside the files given, and writes nothing.
 *
 * <p>Imports: common, model, registry, registry.documents, registry.layer. Libraries: com.fasterxml.jackson.
 */
@NullMarked
package dev.unroot.registry.layout;

import org.jspecify.annotations.NullMarked;
