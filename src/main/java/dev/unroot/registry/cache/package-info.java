/**
 * Remembers image users, so that a registry is asked seldom and never twice at once for the same thing. Of HTTP it knows
 * nothing.
 *
 * <p>Imports: common, model, registry, registry.documents, registry.users, review. Libraries: com.github.benmanes.caffeine.
 */
@NullMarked
package dev.unroot.registry.cache;

import org.jspecify.annotations.NullMarked;
