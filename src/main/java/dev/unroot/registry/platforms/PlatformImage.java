package dev.unroot.registry.platforms;

import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.Platform;
import dev.unroot.registry.documents.ImageConfig;
import dev.unroot.registry.documents.ImageDocument;
import java.util.List;

/**
 * An image as it would be run on a platform.
 *
 * @param runtimes those that take it; empty for all of them
 */
public record PlatformImage(
        Platform platform, ImageDocument.Manifest manifest, ImageConfig config, List<ContainerRuntime> runtimes) {
    public boolean isWindows() {
        return platform.isWindows();
    }

    public boolean claimsPlatform() {
        Platform claimed = config.platform();
        return claimed.architecture().isEmpty()
                || new ContainerdChoice(ContainerRuntime.CONTAINERD_2_0, platform).takes(claimed, List.of());
    }
}
