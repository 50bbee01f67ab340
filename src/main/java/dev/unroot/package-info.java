/**
 * The top floor: {@code Main} reads the command line, {@code Wiring} is the only place where adapters are made, and
 * {@code Configuration} is what the operator wrote.
 * It may import every package below it; nothing imports it.
 */
@NullMarked
package dev.unroot;

import org.jspecify.annotations.NullMarked;
