/**
 * What the operator wrote, read from {@code kind: UnrootConfiguration}: one class for each section, every fault told with
 * its line and key. It imports what its values are made of, from registry down; of clusters, the server and commands it
 * knows nothing. Only the root imports it.
 */
@NullMarked
package dev.unroot.configuration;

import org.jspecify.annotations.NullMarked;
