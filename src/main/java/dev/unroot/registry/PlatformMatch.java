package dev.unroot.registry;

import dev.unroot.model.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which of the platforms that an image offers a node takes.
 *
 * <p>Source: containerd/platforms {@code compare.go} ({@code Only}) and {@code database.go} ({@code normalizeArch}): amd64
 * also takes 386, arm64 also arm v8 to v5, in that order.
 */
final class PlatformMatch {
    static final int NONE = -1;

    private static final String UNKNOWN = "unknown";

    private final List<Platform> wanted;

    /** @param node what the node is */
    PlatformMatch(Platform node) {
        Platform normal = normalize(node, node.os());
        wanted = new ArrayList<>(List.of(normal));
        switch (normal.architecture()) {
            case "amd64" -> {
                addVersions(normal, 1);
                wanted.add(new Platform(normal.os(), "386", ""));
            }
            case "arm" -> addVersions(normal, 5);
            case "arm64" -> {
                Platform arm = new Platform(normal.os(), "arm", normal.variant().isEmpty() ? "v8" : normal.variant());
                wanted.add(arm);
                addVersions(arm, 5);
            }
            default -> {}
        }
    }

    /** How good a match it is: 0 is best; {@link #NONE} where the node does not take it. */
    int rank(Platform offered) {
        Platform normal = normalize(offered, wanted.get(0).os());
        // Attestations are entered as this, and no node is one.
        return normal.os().equals(UNKNOWN) ? NONE : wanted.indexOf(normal);
    }

    boolean matches(Platform offered) {
        return rank(offered) != NONE;
    }

    private void addVersions(Platform platform, int lowest) {
        if (!platform.variant().matches("v[0-9]{1,2}")) {
            return;
        }
        for (int version = Integer.parseInt(platform.variant().substring(1)) - 1; version >= lowest; version--) {
            wanted.add(normalize(new Platform(platform.os(), platform.architecture(), "v" + version), platform.os()));
        }
    }

    /** @param defaultOs a platform that names no operating system is taken for the node's */
    private static Platform normalize(Platform platform, String defaultOs) {
        String os = lower(platform.os().isEmpty() ? defaultOs : platform.os());
        String architecture = lower(platform.architecture());
        String variant = lower(platform.variant());
        return switch (architecture) {
            case "i386" -> new Platform(os, "386", "");
            case "x86_64", "x86-64", "amd64" -> new Platform(os, "amd64", variant.equals("v1") ? "" : variant);
            case "aarch64", "arm64" ->
                new Platform(os, "arm64", variant.equals("8") || variant.equals("v8") ? "" : variant);
            case "armhf" -> new Platform(os, "arm", "v7");
            case "armel" -> new Platform(os, "arm", "v6");
            case "arm" ->
                new Platform(
                        os,
                        "arm",
                        switch (variant) {
                            case "", "7" -> "v7";
                            case "5", "6", "8" -> "v" + variant;
                            default -> variant;
                        });
            default -> new Platform(os, architecture, variant);
        };
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
