/**
 * What the rooms of the registry share: {@link dev.unroot.registry.ImageSource}, where the bytes of images come from; one pull
 * and on whose behalf; and {@link dev.unroot.registry.LookupException}, the answer that is not the one asked for.
 *
 * <p>Imports: common, model, registry.documents, review. Libraries: none.
 */
@NullMarked
package dev.unroot.registry;

import org.jspecify.annotations.NullMarked;
