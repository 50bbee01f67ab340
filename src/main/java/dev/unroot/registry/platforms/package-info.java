/**
 * Which image a node takes out of an index: as containerd chooses, as containers/image does, release by release.
 *
 * <p>Imports: model, registry, registry.documents. Libraries: none.
 */
@NullMarked
package dev.unroot.registry.platforms;

import org.jspecify.annotations.NullMarked;
