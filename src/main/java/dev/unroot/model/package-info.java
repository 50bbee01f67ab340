/**
 * The nouns everything else speaks in: pods and their settings, image references and image users, levels and findings.
 * Records and sealed types without I/O; a variant carries its own behaviour.
 *
 * <p>Imports: common. Libraries: none.
 */
@NullMarked
package dev.unroot.model;

import org.jspecify.annotations.NullMarked;
