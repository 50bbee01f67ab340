package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every page leads where it says, and every page of {@code docs} can be reached from the README. */
class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|`[^`\\n]*`");

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(Path.of(""))) {
            List<Path> folders = Stream.of("docs", "charts", "manifests", "certs", "src")
                    .map(Path::of)
                    .toList();
            Stream<Path> deep = folders.stream().flatMap(DocumentationTest::walk);
            return Stream.concat(top.toList().stream(), deep)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList()
                    .stream();
        }
    }

    private static Stream<Path> walk(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> links(Path page) throws IOException {
        String text = CODE.matcher(Files.readString(page)).replaceAll("");
        return LINK.matcher(text)
                .results()
                .map(match -> match.group(1))
                .filter(link -> !link.contains(":"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void leadsToWhatExists(Path page) throws IOException {
        assertThat(links(page))
                .allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
    }

    @ParameterizedTest
    @MethodSource("pagesOfDocs")
    void isReachedFromTheReadme(Path page) throws IOException {
        assertThat(links(Path.of("README.md"))).contains(page.toString());
    }

    static Stream<Path> pagesOfDocs() throws IOException {
        return pages().filter(page -> Path.of("docs").equals(page.getParent()));
    }
}
