package dev.unroot.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.model.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerConfigFileTest {
    private static final ImageReference IMAGE = ImageReference.parse("registry.example/app");

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();

    private DockerConfigFile open(Path path) throws IOException {
        return DockerConfigFile.open(path, "unroot.yaml:7: imageLookup.dockerConfig", nanos::get);
    }

    private static String config(String password) {
        return "{\"auths\":{\"registry.example\":{\"username\":\"u\",\"password\":\"" + password + "\"}}}";
    }

    private Path file(String password) throws IOException {
        return Files.writeString(folder.resolve("config.json"), config(password));
    }

    private List<AuthConfig> refreshed(DockerConfigFile file) {
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        file.refresh();
        return file.config().auths().find(IMAGE);
    }

    private static AuthConfig password(String password) {
        return new AuthConfig.Password("u", password);
    }

    @Test
    void aFileThatIsWrittenAnewIsReadAgain() throws IOException {
        Path path = file("one");
        DockerConfigFile file = open(path);
        assertThat(refreshed(file)).containsExactly(password("one"));
        file("two!");
        assertThat(refreshed(file)).containsExactly(password("two!"));
    }

    @Test
    void aFileThatIsMovedIntoPlaceIsReadAgainEvenWithTheSameTimeAndSize() throws IOException {
        Path path = file("one");
        FileTime time = Files.getLastModifiedTime(path);
        DockerConfigFile file = open(path);
        Path fresh = Files.writeString(folder.resolve("fresh"), config("two"));
        Files.setLastModifiedTime(fresh, time);
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        assertThat(refreshed(file)).containsExactly(password("two"));
    }

    /** As the kubelet mounts a Secret: the file is a link into {@code ..data}, a link to a folder of that version. */
    @Test
    void aSecretThatTheKubeletReplacesIsReadAgain() throws IOException {
        for (String version : List.of("one", "two")) {
            Files.writeString(Files.createDirectory(folder.resolve(version)).resolve("config.json"), config(version));
        }
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("one"));
        Path path = Files.createSymbolicLink(folder.resolve("config.json"), Path.of("..data/config.json"));
        DockerConfigFile file = open(path);
        assertThat(refreshed(file)).containsExactly(password("one"));

        Path next = Files.createSymbolicLink(folder.resolve("..next"), Path.of("two"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        assertThat(refreshed(file)).containsExactly(password("two"));
    }

    @Test
    void isNotLookedAtMoreOftenThanEveryTwoSeconds() throws IOException {
        DockerConfigFile file = open(file("one"));
        file("two!");
        file.refresh();
        assertThat(file.config().auths().find(IMAGE)).containsExactly(password("one"));
        assertThat(refreshed(file)).containsExactly(password("two!"));
    }

    @Test
    void whatWasReadLastHoldsWhileTheFileIsBrokenOrGone() throws IOException {
        Path path = file("one");
        DockerConfigFile file = open(path);
        Files.writeString(path, "{\"auths\":{\"registry.example\":{\"password\":\"plan");
        assertThat(refreshed(file)).containsExactly(password("one"));
        assertThat(file.problems()).containsExactly("docker config " + path + " cannot be read: it is not valid JSON");
        Files.delete(path);
        assertThat(refreshed(file)).containsExactly(password("one"));
        assertThat(file.problems()).containsExactly("docker config " + path + " does not exist");
        file("two");
        assertThat(refreshed(file)).containsExactly(password("two"));
        assertThat(file.problems()).isEmpty();
    }

    @Test
    void aFileMayComeLater() throws IOException {
        Path path = folder.resolve("config.json");
        DockerConfigFile expected = open(path);
        DockerConfigFile personal = DockerConfigFile.open(path, null, nanos::get);
        assertThat(refreshed(expected)).isEmpty();
        assertThat(refreshed(personal)).isEmpty();
        assertThat(expected.problems()).containsExactly("docker config " + path + " does not exist");
        assertThat(personal.problems()).isEmpty();
        file("one");
        assertThat(refreshed(expected)).containsExactly(password("one"));
        assertThat(refreshed(personal)).containsExactly(password("one"));
    }

    @Test
    void aFileThatIsNoDockerConfigIsRefusedAtOnceByName() throws IOException {
        Path path = folder.resolve("config.json");
        Files.writeString(path, "planted");
        assertThatThrownBy(() -> open(path))
                .isInstanceOf(IOException.class)
                .hasMessage("docker config " + path + " cannot be read: it is not valid JSON");
        assertThatThrownBy(() -> open(folder)).hasMessageContaining("it is no file");
        Files.write(path, new byte[4 * 1024 * 1024 + 1]);
        assertThatThrownBy(() -> open(path)).hasMessageContaining("it is larger than");
    }
}
