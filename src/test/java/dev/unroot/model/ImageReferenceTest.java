package dev.unroot.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageReferenceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ANSWERS =
            Path.of(System.getProperty("references", "src/test/resources/references/distribution-reference.tsv"));
    private static final Pattern PORT = Pattern.compile("^[^\t]*:([0-9]+)\t");
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    @Test
    void readsWhatContainerRuntimesRead() throws IOException {
        List<String> disagreements = new ArrayList<>();
        List<String> lines = Files.readAllLines(ANSWERS);
        for (String line : lines) {
            int end = line.indexOf('\t');
            String ours = answer(JSON.readValue(line.substring(0, end), String.class));
            if (!ours.equals(expected(line.substring(end + 1)))) {
                disagreements.add(line + ", ours " + ours);
            }
        }

        assertThat(disagreements).isEmpty();
        assertThat(lines).hasSizeGreaterThan(100);
    }

    /** Go's answer, but for the two differences that are meant. */
    private static String expected(String theirs) {
        if (theirs.startsWith("\t")) {
            // A host with an underscore has become a part of the path.
            return theirs.substring(1).replaceFirst("/", "\t");
        }
        Matcher port = PORT.matcher(theirs);
        if (!port.find()) {
            return theirs;
        }
        BigInteger number = new BigInteger(port.group(1));
        return number.signum() == 0 || number.compareTo(BigInteger.valueOf(65535)) > 0 ? "invalid" : theirs;
    }

    private static String answer(String text) {
        try {
            ImageReference reference = ImageReference.parse(text);
            return String.join(
                    "\t",
                    reference.registry(),
                    reference.repository(),
                    Objects.requireNonNullElse(reference.tag(), "-"),
                    Objects.requireNonNullElse(reference.digest(), "-"));
        } catch (IllegalArgumentException e) {
            return "invalid";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "nginx, docker.io/library/nginx:latest",
        "index.docker.io/nginx:1, docker.io/library/nginx:1",
        "localhost:5000/app, localhost:5000/app:latest",
        "'[::1]:5000/x', '[::1]:5000/x:latest'",
        "my_reg.test/u:6, my_reg.test/u:6",
        "r.example:000443/x, r.example:000443/x:latest",
    })
    void isWrittenInFull(String text, String full) {
        assertThat(ImageReference.parse(text)).hasToString(full);
        assertThat(ImageReference.parse(full)).isEqualTo(ImageReference.parse(text));
    }

    @Test
    void theDigestDecidesBesideATag() {
        ImageReference reference = ImageReference.parse("registry.example/app:1@" + DIGEST);

        assertThat(reference.tagOrDigest()).isEqualTo(DIGEST);
        assertThat(reference.name()).isEqualTo("registry.example/app");
        assertThat(reference).hasToString("registry.example/app:1@" + DIGEST);
        assertThat(ImageReference.parse("registry.example/app:1").tagOrDigest()).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({
        "'', the image is empty",
        "registry.example/App, a repository is written in lower case",
        "app:-x, its tag may hold",
        "app@sha256:12, its digest is not",
        "-a.b/c, its registry is not a host name",
        "my_reg.example:5000/c, its registry is not a host name",
        "r.example:99999/a:1, its registry's port is not from 1 to 65535",
        "r.example:65536/a, its registry's port is not from 1 to 65535",
        "r.example:0/a, its registry's port is not from 1 to 65535",
        "'[::1]:99999999999999999999/a', its registry's port is not from 1 to 65535",
        "a//b, write registry/repository:tag",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, 64 hex digits are an image ID",
        "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, it is an image ID",
        "sha256:0, it is an image ID or the beginning of one",
        "sha384:ab, it is an image ID or the beginning of one",
        "sha512:ab, it is an image ID or the beginning of one",
    })
    void saysWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatIsWrongIsToldWithoutControlCharacters() {
        assertThatThrownBy(() -> ImageReference.parse("app\u001b[31m\n"))
                .message()
                .doesNotContain("\u001b", "\n");
    }
}
