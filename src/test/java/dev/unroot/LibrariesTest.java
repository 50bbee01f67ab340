package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar of our own classes, started without the libraries that its manifest names. */
class LibrariesTest {
    @TempDir
    Path directory;

    private Path jar;

    @BeforeEach
    void makeTheJar() throws Exception {
        Path classes = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        manifest.getMainAttributes()
                .put(Attributes.Name.CLASS_PATH, "lib/one-1.0.jar lib/two-2.0.jar lib/three-3.0.jar");
        jar = directory.toRealPath().resolve("unroot.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, entries);
            }
        }
    }

    private void library(String name) throws IOException {
        Path lib = Files.createDirectories(jar.resolveSibling("lib"));
        try (JarOutputStream empty = new JarOutputStream(Files.newOutputStream(lib.resolve(name)))) {
            empty.putNextEntry(new JarEntry("empty"));
        }
    }

    private String start(int status) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        jar.toString(),
                        "check"))
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isEqualTo(status);
        return printed;
    }

    @Test
    void aJarWithoutItsLibrariesSaysSoInOneSentence() throws Exception {
        assertThat(start(2))
                .isEqualTo("unroot: " + jar + " needs the folder lib beside it, and " + jar.resolveSibling("lib")
                        + " is not there. Copy it whole, from where the jar was built or unpacked"
                        + System.lineSeparator());
    }

    @Test
    void aFolderThatIsNotWholeIsToldByWhatItLacks() throws Exception {
        library("two-2.0.jar");
        assertThat(start(2)).contains(jar.resolveSibling("lib") + " is without one-1.0.jar and 1 more of its files. ");
        library("one-1.0.jar");
        assertThat(start(2)).contains(" is without three-3.0.jar. Copy it whole");
    }

    @Test
    void whatIsMissingForAnotherReasonIsNotExplainedAway() throws Exception {
        library("one-1.0.jar");
        library("two-2.0.jar");
        library("three-3.0.jar");
        assertThat(start(1)).contains("NoClassDefFoundError");
    }
}
