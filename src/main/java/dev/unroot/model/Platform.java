package dev.unroot.model;

import dev.unroot.common.Text;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an image is built for, in OCI's words.
 *
 * @param os {@code linux}, {@code windows}
 * @param architecture {@code amd64}, {@code arm64}, …
 * @param variant {@code v7} of {@code linux/arm/v7}; empty where none is named
 */
public record Platform(String os, String architecture, String variant) {
    private static final Pattern PART = Pattern.compile("[a-z0-9._-]{1,64}");

    /**
     * Reads {@code os/architecture} or {@code os/architecture/variant}. An architecture by another usual name gets Go's,
     * which is what nodes are labelled with.
     */
    public static Platform parse(String text) {
        String[] parts = text.split("/", -1);
        boolean wellFormed = parts.length == 2 || parts.length == 3;
        for (String part : parts) {
            wellFormed &= PART.matcher(part).matches();
        }
        if (!wellFormed) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " is not a platform: write os/architecture, for instance linux/arm64");
        }
        return new Platform(parts[0], architecture(parts[1]), parts.length == 3 ? parts[2] : "");
    }

    /** Go's name for an architecture, which may be called by another. */
    public static String architecture(String name) {
        return switch (name) {
            case "x86_64", "x86-64" -> "amd64";
            case "aarch64" -> "arm64";
            case "i386" -> "386";
            default -> name;
        };
    }

    /**
     * In words, for a message: the first five, and how many more there are. A pod may ask for as many made-up ones as it likes.
     *
     * @param between two of them, {@code ", "} or {@code " or "}
     */
    public static String list(Collection<Platform> platforms, String between) {
        return Text.list(platforms.stream().map(Platform::toString).toList(), between);
    }

    /** True where it could be written in a configuration. */
    boolean isWellFormed() {
        return PART.matcher(os).matches() && PART.matcher(architecture).matches();
    }

    public boolean isWindows() {
        return "windows".equals(os.toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
