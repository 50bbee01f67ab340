/**
 * The command line: {@code serve}, {@code check} and {@code image}, their options, their exit status and what they print.
 * What they need is handed to them through {@link dev.unroot.command.Services}; they make no adapters themselves.
 * Imports review, policy, manifest and model.
 */
@NullMarked
package dev.unroot.command;

import org.jspecify.annotations.NullMarked;
