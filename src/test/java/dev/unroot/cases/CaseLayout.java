package dev.unroot.cases;

import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.registry.TestImage;
import dev.unroot.registry.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A case's images as real ones, in an OCI layout. A digest that the case writes is made up, so the real one takes its
 * place wherever it stands.
 */
final class CaseLayout {
    private static final List<String> ARCHITECTURES = List.of("amd64", "arm64", "arm", "386", "s390x", "ppc64le");

    private final TestImages images = new TestImages();
    private final Map<String, String> realDigests = new LinkedHashMap<>();

    CaseLayout(CaseFile file) {
        file.images().forEach((written, image) -> {
            if (image.unknown() == null) {
                add(ImageReference.parse(written), image, file.options().platforms());
            }
        });
    }

    private void add(ImageReference reference, CaseImage image, List<String> clusterPlatforms) {
        List<TestImage> offered = new ArrayList<>();
        if (image.platforms().isEmpty()) {
            Set<String> platforms = new LinkedHashSet<>(clusterPlatforms);
            ARCHITECTURES.forEach(architecture -> platforms.add(image.os() + "/" + architecture));
            platforms.removeIf(platform -> !Platform.parse(platform).os().equals(image.os()));
            platforms.forEach(platform -> offered.add(build(image, platform)));
        } else {
            image.platforms().forEach((platform, one) -> offered.add(build(one, platform)));
        }
        String name = reference.name() + ":" + (reference.tag() == null ? "latest" : reference.tag());
        String digest = images.addIndex(name, offered.toArray(TestImage[]::new));
        if (reference.digest() != null) {
            realDigests.put(reference.digest(), digest);
        }
    }

    private static TestImage build(CaseImage image, String platform) {
        TestImage built = new TestImage().user(image.user()).platform(platform);
        return image.passwd() == null ? built : built.passwd(image.passwd());
    }

    Path write(Path folder) throws IOException {
        return images.writeLayout(folder);
    }

    /** The text with real digests in it. */
    String real(String text) {
        String real = text;
        for (Map.Entry<String, String> digest : realDigests.entrySet()) {
            real = real.replace(digest.getKey(), digest.getValue());
        }
        return real;
    }
}
