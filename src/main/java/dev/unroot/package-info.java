/**
 * The top floor: {@code Main} reads the command line, {@code Wiring} and {@code Images} are the only places where adapters of
 * registries and files are made, of what the configuration says.
 * It may import every package below it; nothing imports it.
 */
@NullMarked
package dev.unroot;

import org.jspecify.annotations.NullMarked;
