package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Texts that people read, in {@code src/test/resources/e2e}; REGISTRY stands for the registry's host and port. */
final class Golden {
    private Golden() {}

    static void assertText(String file, String actual, ImageRegistry images) throws IOException {
        String text = actual.replace(images.host(), "REGISTRY");
        try (InputStream in = Golden.class.getResourceAsStream("/e2e/" + file)) {
            assertThat(in).as("there is no %s; the text was:%n%s", file, text).isNotNull();
            assertThat(text).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
