package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** {@code java -jar target/unroot.jar} finds its main class and every library, from whatever folder it is started. */
class PackagedJarIT {

    private static final Path JAR = Path.of("target", "unroot.jar");

    @Test
    void namesAMainClassThatItHolds() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            String mainClass = jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            assertThat(mainClass).isEqualTo("dev.unroot.Main");
            assertThat(jar.getEntry(mainClass.replace('.', '/') + ".class")).isNotNull();
        }
    }

    @Test
    void findsEveryLibraryBesideItself() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            String classPath = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            assertThat(classPath.split(" "))
                    .isNotEmpty()
                    .allSatisfy(entry -> assertThat(JAR.resolveSibling(entry)).isRegularFile());
        }
    }

    @Test
    void mayLoadNativeCodeWithoutAWarning() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Enable-Native-Access"))
                    .isEqualTo("ALL-UNNAMED");
        }
    }

    @Test
    void carriesItsLicense() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
        }
    }
}
