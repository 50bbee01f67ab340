package dev.unroot.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    @TempDir
    private Path folder;

    private static CertifiedKey certificate() {
        return SelfSigned.create(List.of(), Clock.systemUTC()).certificate();
    }

    /** As the kubelet writes a mounted Secret: a folder per version, and a link that is swapped. */
    private void mount(String version, CertifiedKey pair) throws Exception {
        Path data = Files.createDirectory(folder.resolve(version));
        Files.writeString(data.resolve("tls.crt"), pair.chainPem());
        Files.writeString(data.resolve("tls.key"), pair.keyPem());
        Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(version));
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void takesWhatTheFilesHoldOnceItFitsTogether() throws Exception {
        CertifiedKey first = certificate();
        mount("..1", first);
        Path chain = Files.createSymbolicLink(folder.resolve("tls.crt"), Path.of("..data/tls.crt"));
        Path key = Files.createSymbolicLink(folder.resolve("tls.key"), Path.of("..data/tls.key"));
        PemFiles files = new PemFiles(chain, key);
        List<CertifiedKey> shown = new ArrayList<>();
        try (FileWatch<CertifiedKey> watch =
                new FileWatch<>(() -> files.read(Clock.systemUTC()), files.read(Clock.systemUTC()), shown::add)) {
            watch.look();
            assertThat(shown).isEmpty();

            CertifiedKey second = certificate();
            mount("..2", second);
            watch.look();
            watch.look();
            assertThat(shown).containsExactly(second);

            // Half written, then gone, then garbage: what was read stays.
            CertifiedKey third = certificate();
            Files.writeString(folder.resolve("..2/tls.crt"), third.chainPem());
            watch.look();
            Files.delete(folder.resolve("..2/tls.key"));
            watch.look();
            Files.writeString(folder.resolve("..2/tls.key"), "garbage");
            watch.look();
            assertThat(shown).containsExactly(second);
            Files.writeString(folder.resolve("..2/tls.key"), third.keyPem());
            watch.look();
            assertThat(shown).containsExactly(second, third);
        }
    }

    @Test
    void whatCouldNotBeUsedIsTriedAgain() {
        List<String> used = new ArrayList<>();
        FileWatch<String> watch = new FileWatch<>(() -> "new", "old", value -> {
            used.add(value);
            if (used.size() == 1) {
                throw new IllegalStateException("planted");
            }
        });
        watch.look();
        watch.look();
        watch.look();
        assertThat(used).containsExactly("new", "new");
        watch.close();
    }
}
