/**
 * Who an image runs as: the USER of its configuration, and the row of {@code /etc/passwd} that a name in it means.
 *
 * <p>Imports: common, model, registry, registry.documents, registry.layer, registry.platforms, review. Libraries: none.
 */
@NullMarked
package dev.unroot.registry.users;

import org.jspecify.annotations.NullMarked;
