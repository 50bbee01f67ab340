/**
 * Reads the users of an image out of its content: manifest or index, platform, configuration, {@code /etc/passwd}. Where
 * the bytes come from is an {@link dev.unroot.registry.ImageSource}, a registry or files, in a package below this one.
 * Imports review (the port it answers) and model, and its own {@code layer}.
 */
@NullMarked
package dev.unroot.registry;

import org.jspecify.annotations.NullMarked;
