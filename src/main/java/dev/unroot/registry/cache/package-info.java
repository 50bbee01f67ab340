/**
 * Remembers image users, so that a registry is asked seldom and never twice at once for the same thing.
 * Imports registry, review (the port it answers) and model; of HTTP it knows nothing.
 */
@NullMarked
package dev.unroot.registry.cache;

import org.jspecify.annotations.NullMarked;
