package dev.unroot.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an image is built for, in OCI's words.
 *
 * @param os {@code linux}, {@code windows}
 * @param architecture {@code amd64}, {@code arm64}, …
 * @param variant {@code v7} of {@code linux/arm/v7}; empty where none is named
 */
public record Platform(String os, String architecture, String variant) {
    /** Reads {@code os/architecture} or {@code os/architecture/variant}. */
    public static Platform parse(String text) {
        String[] parts = text.split("/", -1);
        boolean wellFormed = parts.length == 2 || parts.length == 3;
        for (String part : parts) {
            wellFormed &= part.matches("[a-z0-9._-]+");
        }
        if (!wellFormed) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " is not a platform: write os/architecture, for instance linux/arm64");
        }
        return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : "");
    }

    public boolean isWindows() {
        return "windows".equals(os.toLowerCase(Locale.ROOT));
    }

    /**
     * The platforms that a pod bound to an operating system or architecture can land on: those of the cluster that fit
     * it, or, where the cluster lists none, the one the pod names.
     */
    public static List<Platform> fitting(List<Platform> cluster, @Nullable String os, @Nullable String architecture) {
        if (os == null && architecture == null) {
            return cluster;
        }
        List<Platform> fitting = new ArrayList<>();
        for (Platform platform : cluster) {
            if ((os == null || os.equals(platform.os))
                    && (architecture == null || architecture.equals(platform.architecture))) {
                fitting.add(platform);
            }
        }
        if (fitting.isEmpty()) {
            fitting.add(new Platform(os == null ? "linux" : os, architecture == null ? "amd64" : architecture, ""));
        }
        return List.copyOf(fitting);
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
