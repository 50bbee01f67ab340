/**
 * What enforcing would come to for all that a cluster has: an inventory grouped by the owners at the top, and the state of
 * each at each level. Pure: whoever looks images up hands in what came of it.
 *
 * <p>Imports: model, review. Libraries: none.
 */
@NullMarked
package dev.unroot.audit;

import org.jspecify.annotations.NullMarked;
