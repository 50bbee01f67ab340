package dev.unroot.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The container image that the build makes, unpacked as a container runtime does it.
 *
 * @param layout an OCI image layout, with the image under {@link #TAG}
 * @param bundle with its root file system in {@code rootfs}
 * @param config what the image says of how it is run
 */
public record UnpackedImage(Path layout, Path bundle, JsonNode config) {
    public static final Path TAR = Path.of("target", "image", "unroot.tar").toAbsolutePath();

    static final String TAG = "unroot";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param folder where it goes, without one of the same kind */
    public static UnpackedImage into(Path folder) throws IOException, InterruptedException {
        Path layout = folder.resolve("layout");
        Path bundle = folder.resolve("bundle");
        String image = "oci:" + layout + ":" + TAG;
        Programs.succeed(folder, "skopeo", "copy", "-q", "docker-archive:" + TAR, image);
        JsonNode config = JSON.readTree(Programs.succeed(folder, "skopeo", "inspect", "--config", image)
                        .out())
                .get("config");
        Programs.succeed(folder, "umoci", "unpack", "--image", layout + ":" + TAG, bundle.toString());
        return new UnpackedImage(layout, bundle, config);
    }

    public Path rootfs() {
        return bundle.resolve("rootfs");
    }
}
