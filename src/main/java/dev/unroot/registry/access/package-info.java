/**
 * How a registry lets one in: challenges answered, tokens fetched and kept, credentials tried one after the other.
 *
 * <p>Imports: common, model, registry, registry.credentials, registry.http, registry.place, review. Libraries: com.fasterxml.jackson, com.github.benmanes.caffeine, io.vertx.
 */
@NullMarked
package dev.unroot.registry.access;

import org.jspecify.annotations.NullMarked;
