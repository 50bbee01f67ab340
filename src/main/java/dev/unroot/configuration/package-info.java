/**
 * What the operator wrote, read from {@code kind: UnrootConfiguration}: one class for each section, every fault told with
 * its line and key.
 *
 * <p>Imports: certificate, common, manifest, model, policy, registry.cache, registry.documents, registry.place, review. Libraries: org.yaml.snakeyaml.
 */
@NullMarked
package dev.unroot.configuration;

import org.jspecify.annotations.NullMarked;
