/**
 * Reads images from registries over HTTP: whom to trust, which addresses may be dialled, tokens, redirects, and bytes
 * that are what their digest says.
 * Imports registry, review, certificate and model; every answer that is not the one asked for is a LookupException.
 */
@NullMarked
package dev.unroot.registry.remote;

import org.jspecify.annotations.NullMarked;
