package dev.unroot.model;

import dev.unroot.common.Text;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;

/**
 * The user of an image as built for one platform.
 *
 * @param runtimes those that start this one, in order, where others take another entry of the image's index and start
 *     another user; empty where that tells nothing: all that take any agree, or take either
 */
public record PlatformUser(Platform platform, ImageUser user, List<ContainerRuntime> runtimes) {
    public PlatformUser {
        runtimes = List.copyOf(runtimes.isEmpty() ? runtimes : EnumSet.copyOf(runtimes));
    }

    /** Whatever the runtime. */
    public PlatformUser(Platform platform, ImageUser user) {
        this(platform, user, List.of());
    }

    /** {@code linux/amd64}, or {@code linux/amd64 under CRI-O and podman}. */
    public String place() {
        return runtimes.isEmpty() ? platform.toString() : platform + " under " + ContainerRuntime.list(runtimes);
    }

    /** Several in words: the first few, and how many more there are. */
    public static String places(Collection<PlatformUser> users) {
        return Text.list(users.stream().map(PlatformUser::place).toList(), ", ");
    }
}
