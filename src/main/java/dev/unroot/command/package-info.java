/**
 * The command line: {@code serve}, {@code check}, {@code audit} and {@code image}, their options, their exit status and what they print.
 * What they need is handed to them through {@link dev.unroot.command.Services}; they make no adapters themselves.
 *
 * <p>Imports: audit, common, configuration, manifest, model, review. Libraries: com.fasterxml.jackson, picocli.
 */
@NullMarked
package dev.unroot.command;

import org.jspecify.annotations.NullMarked;
