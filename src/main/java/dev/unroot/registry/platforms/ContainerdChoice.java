package dev.unroot.registry.platforms;

import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.Platform;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.GoCase;
import dev.unroot.registry.documents.ImageConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How containerd chooses: of the entries that match, the first of the best ones; those that name no platform come last, and
 * for the first of them the configuration decides. What an entry declares is not checked against its configuration.
 *
 * <p>Source: {@code images/image.go} ({@code Manifest}) and containerd/platforms ({@code Only}, {@code Normalize}) of
 * 0.2 (containerd 1), 1.0.0-rc.1 and rc.2 (2.0 to 2.2) and rc.5 (2.3 and 2.4). Not for Windows, whose nodes compare builds.
 */
public final class ContainerdChoice implements IndexChoice {
    private static final Pattern VERSION = Pattern.compile("v?([0-9]{1,2})");
    private static final Pattern ARM64 = Pattern.compile("v(?:8(?:\\.([0-9]))?|9(?:\\.([0-7]))?)");

    private final ContainerRuntime release;
    private final String os;
    /** What the node can run, best first. */
    private final List<Platform> wanted = new ArrayList<>();

    /** @param release one of containerd's */
    public ContainerdChoice(ContainerRuntime release, Platform node) {
        this.release = release;
        this.os = GoCase.lower(node.os());
        Platform normal = normalize(node);
        switch (normal.architecture()) {
            case "amd64" -> {
                want("amd64", normal.variant());
                wantLower("amd64", normal.variant(), 1);
                want("386", "");
            }
            case "arm" -> wantArm(normal.variant());
            case "arm64" -> wantArm64(normal.variant());
            default -> wanted.add(normal);
        }
    }

    @Override
    public @Nullable Descriptor from(List<Descriptor> entries) {
        Descriptor best = null;
        int bestRank = Integer.MAX_VALUE;
        Descriptor undeclared = null;
        for (Descriptor entry : entries) {
            Platform offered = entry.platform();
            if (offered == null) {
                undeclared = undeclared == null ? entry : undeclared;
                continue;
            }
            int rank = rank(offered, entry.osFeatures());
            if (rank >= 0 && rank < bestRank) {
                best = entry;
                bestRank = rank;
            }
        }
        return best == null ? undeclared : best;
    }

    @Override
    public boolean takesUndeclared(ImageConfig config) {
        Platform built = config.platform();
        // containerd 1 leaves the configuration's variant out.
        return release == ContainerRuntime.CONTAINERD_1
                ? takes(new Platform(built.os(), built.architecture(), ""), List.of())
                : takes(built, config.osFeatures());
    }

    public boolean takes(Platform offered, List<String> osFeatures) {
        return rank(offered, osFeatures) >= 0;
    }

    /** 0 is best, -1 none at all. A Linux node has no features, so an entry that asks for some is not for it. */
    private int rank(Platform offered, List<String> osFeatures) {
        return release == ContainerRuntime.CONTAINERD_2_3 && !osFeatures.isEmpty()
                ? -1
                : wanted.indexOf(normalize(offered));
    }

    private void want(String architecture, String variant) {
        wanted.add(normalize(new Platform(os, architecture, variant)));
    }

    private void wantLower(String architecture, String variant, int lowest) {
        var version = VERSION.matcher(variant);
        if (version.matches()) {
            for (int lower = Integer.parseInt(version.group(1)) - 1; lower >= lowest; lower--) {
                want(architecture, "v" + lower);
            }
        }
    }

    private void wantArm(String variant) {
        want("arm", variant);
        wantLower("arm", variant, 5);
    }

    private void wantArm64(String normal) {
        String variant = normal.isEmpty() ? "v8" : normal;
        if (release == ContainerRuntime.CONTAINERD_1) {
            want("arm64", variant);
            wantArm(variant);
            return;
        }
        var version = ARM64.matcher(variant);
        if (!version.matches()) {
            return;
        }
        int eighth = minor(version.group(1));
        if (variant.startsWith("v9")) {
            int ninth = minor(version.group(2));
            wantMinors("v9", ninth);
            eighth = Math.min(ninth + 5, 9);
        }
        wantMinors("v8", eighth);
        wantArm("v8");
    }

    private static int minor(@Nullable String digit) {
        return digit == null ? 0 : Integer.parseInt(digit);
    }

    private void wantMinors(String major, int highest) {
        for (int minor = highest; minor >= 0; minor--) {
            want("arm64", minor == 0 ? major : major + "." + minor);
        }
    }

    /** A platform that names no operating system is taken for the node's. */
    private Platform normalize(Platform platform) {
        String named = platform.os().isEmpty() ? os : GoCase.lower(platform.os());
        return architecture(
                named.equals("macos") ? "darwin" : named,
                GoCase.lower(platform.architecture()),
                GoCase.lower(platform.variant()));
    }

    private Platform architecture(String system, String architecture, String variant) {
        return switch (architecture) {
            case "i386" -> new Platform(system, "386", "");
            case "x86_64", "x86-64", "amd64" -> new Platform(system, "amd64", variant.equals("v1") ? "" : variant);
            case "aarch64", "arm64" -> new Platform(system, "arm64", arm64(variant));
            case "armhf" -> new Platform(system, "arm", "v7");
            case "armel" -> new Platform(system, "arm", "v6");
            case "arm" ->
                new Platform(
                        system,
                        "arm",
                        switch (variant) {
                            case "", "7" -> "v7";
                            case "5", "6", "8" -> "v" + variant;
                            default -> variant;
                        });
            default -> new Platform(system, architecture, variant);
        };
    }

    private String arm64(String variant) {
        boolean old = release == ContainerRuntime.CONTAINERD_1;
        return switch (variant) {
            case "8", "v8" -> "";
            case "v8.0" -> old ? variant : "";
            case "9", "9.0", "v9.0" -> old ? variant : "v9";
            default -> variant;
        };
    }
}
