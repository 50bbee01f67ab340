package dev.unroot.registry.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.registry.TestImage;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.TestLayer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code manifests/images}, the images that the README's examples use, is exactly what is made here. */
class ExampleImagesTest {
    private static final Path LAYOUT = Path.of("manifests/images");
    private static final String COMMAND = "mvn -Dtest=ExampleImagesTest -Dunroot.regenerate=true test";

    /** Not compressed: compressors differ, and these are small. */
    private static TestImages examples() {
        TestImages images = new TestImages();
        String root = "root:x:0:0:root:/root:/bin/sh\n";
        images.addIndex("registry.example/shop/web:1", amd64().passwd(root), arm64().passwd(root));
        String app = root + "app:x:1000:1000:app:/home/app:/bin/sh\n";
        images.addIndex(
                "registry.example/shop/app:2",
                amd64().user("app").passwd(app),
                arm64().user("app").passwd(app));
        images.addIndex(
                "registry.example/shop/api:3",
                amd64().user("10001").layer(api("amd64")),
                arm64().user("10001").layer(api("arm64")));
        return images;
    }

    private static TestImage amd64() {
        return new TestImage().platform("linux/amd64");
    }

    private static TestImage arm64() {
        return new TestImage().platform("linux/arm64");
    }

    private static TestLayer api(String architecture) {
        return new TestLayer().directory("srv").file("srv/api", architecture + "\n");
    }

    @Test
    void theLayoutIsWhatThisTestMakes() throws IOException {
        Map<String, byte[]> expected = examples().layoutFiles();
        if (Boolean.getBoolean("unroot.regenerate")) {
            regenerate();
        }

        Map<String, byte[]> actual = files();
        assertThat(actual.keySet())
                .as("files in %s; make them anew with: %s", LAYOUT, COMMAND)
                .containsExactlyElementsOf(expected.keySet());
        expected.forEach((name, content) -> assertThat(actual.get(name))
                .as("%s in %s; make it anew with: %s", name, LAYOUT, COMMAND)
                .isEqualTo(content));
        assertThat(actual.values().stream().mapToInt(content -> content.length).sum())
                .as("bytes that everyone who clones the repository carries")
                .isLessThan(16_384);
    }

    private static void regenerate() throws IOException {
        if (Files.exists(LAYOUT)) {
            List<Path> old;
            try (Stream<Path> paths = Files.walk(LAYOUT)) {
                old = paths.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : old) {
                Files.delete(path);
            }
        }
        examples().writeLayout(LAYOUT);
    }

    private static Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(LAYOUT)) {
            paths.filter(Files::isRegularFile)
                    .forEach(
                            path -> files.put(LAYOUT.relativize(path).toString().replace('\\', '/'), read(path)));
        }
        return files;
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
