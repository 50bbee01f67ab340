package dev.unroot.e2e.cluster;

import dev.unroot.e2e.DockerRegistry;
import dev.unroot.e2e.RealImages;
import java.nio.file.Path;

/** A real registry with an image of each kind that pods are made of in these tests. */
final class ImageRegistry implements AutoCloseable {
    private static final String PASSWD = "root:x:0:0::/:/bin/sh\napp:x:1000:1001::/:/bin/sh\n";

    private final DockerRegistry registry;
    private final String numeric;
    private final String named;
    private final String root;

    private ImageRegistry(DockerRegistry registry, RealImages images) throws Exception {
        this.registry = registry;
        images.make("numeric", "10001", "amd64", PASSWD);
        images.make("named", "app", "amd64", PASSWD);
        images.make("root", "root", "amd64", PASSWD);
        this.numeric = images.push("numeric");
        this.named = images.push("named");
        this.root = images.push("root");
    }

    /** @param folder empty */
    static ImageRegistry start(Path folder) throws Exception {
        DockerRegistry registry = DockerRegistry.start(folder);
        try {
            return new ImageRegistry(registry, new RealImages(folder, registry.host()));
        } catch (Exception | AssertionError e) {
            registry.close();
            throw e;
        }
    }

    /** Host and port, as an image reference begins. */
    String host() {
        return registry.host();
    }

    /** A reference whose USER is 10001. */
    String numeric() {
        return numeric;
    }

    /** A reference whose USER is "app", which is 1000 in its passwd. */
    String named() {
        return named;
    }

    /** A reference whose USER is "root". */
    String root() {
        return root;
    }

    /** What the configuration file says so that this registry may be read; the platform is that of its images. */
    String settings() {
        return settingsForAnyPlatform() + "  platforms: [linux/amd64]\n";
    }

    /** The same, where the cluster's nodes say what images are judged on. */
    String settingsForAnyPlatform() {
        return """
                imageLookup:
                  # Nearly as long as the API server waits, for the first lookup of a replica on a busy machine.
                  timeout: 9s
                  registries:
                    - {host: "%s", plainHttp: true, allowPrivate: true}
                """.formatted(registry.host());
    }

    @Override
    public void close() throws InterruptedException {
        registry.close();
    }
}
