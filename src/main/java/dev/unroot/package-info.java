/**
 * The top floor: {@code Main} reads the command line, {@code Wiring} is the only place where adapters are made, of what
 * the configuration says.
 * It may import every package below it; nothing imports it.
 */
@NullMarked
package dev.unroot;

import org.jspecify.annotations.NullMarked;
