/**
 * What OCI's image-spec calls content: digests, descriptors, indexes, manifests and image configurations, parsed as Go's
 * {@code encoding/json} reads them, within {@link dev.unroot.registry.documents.Limits}. No I/O.
 *
 * <p>Imports: common, model. Libraries: com.fasterxml.jackson.
 */
@NullMarked
package dev.unroot.registry.documents;

import org.jspecify.annotations.NullMarked;
