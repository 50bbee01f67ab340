/**
 * Registries over HTTP as an {@link dev.unroot.registry.ImageSource}: OCI distribution's requests for manifests and blobs,
 * and bytes that are what their digest says.
 *
 * <p>Imports: common, model, registry, registry.access, registry.credentials, registry.documents, registry.http, registry.place, review. Libraries: com.github.benmanes.caffeine, io.vertx.
 */
@NullMarked
package dev.unroot.registry.remote;

import org.jspecify.annotations.NullMarked;
