package dev.unroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.configuration.Configuration;
import dev.unroot.configuration.ConfigurationException;
import dev.unroot.model.Level;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationWatchTest {
    private static final String FIRST = text("none");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Configuration> applied = new ArrayList<>();
    private @Nullable String objection;
    private Path file;
    private ConfigurationWatch watch;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        file = Files.writeString(folder.resolve("unroot.yaml"), FIRST);
        Clock clock = Clock.fixed(Instant.ofEpochSecond(1234), ZoneOffset.UTC);
        watch = new ConfigurationWatch(file, FIRST, this::apply, new ReloadMeters(registry, clock));
    }

    private void apply(Configuration configuration) throws ConfigurationException {
        if (objection != null) {
            throw new ConfigurationException(List.of(objection));
        }
        applied.add(configuration);
    }

    @Test
    void aChangeComesInForceOnceItWasSeenTwice() throws IOException {
        watch.look();
        Files.writeString(file, text("hardened"));
        watch.look();
        assertThat(applied).isEmpty();
        watch.look();
        assertThat(applied)
                .singleElement()
                .extracting(configuration -> configuration.review().floor())
                .isEqualTo(Level.HARDENED);
        watch.look();
        assertThat(applied).hasSize(1);
        assertThat(count("applied")).isEqualTo(1);
        assertThat(count("refused")).isZero();
        assertThat(registry.get("unroot.config.last.success.timestamp.seconds")
                        .gauge()
                        .value())
                .isEqualTo(1234);
    }

    @Test
    void aFileThatIsBeingWrittenIsWaitedFor() throws IOException {
        Files.writeString(file, text("hardened").substring(0, 60));
        watch.look();
        Files.writeString(file, text("hardened"));
        watch.look();
        assertThat(count("refused")).isZero();
        watch.look();
        assertThat(applied).hasSize(1);
    }

    @Test
    void aMountedConfigMapIsSwappedBySymbolicLinks(@TempDir Path mount) throws IOException {
        Path old = Files.createDirectory(mount.resolve("..2026_01"));
        Files.writeString(old.resolve("unroot.yaml"), FIRST);
        Path young = Files.createDirectory(mount.resolve("..2026_02"));
        Files.writeString(young.resolve("unroot.yaml"), text("nonroot"));
        Path data = Files.createSymbolicLink(mount.resolve("..data"), old.getFileName());
        Path link = Files.createSymbolicLink(mount.resolve("unroot.yaml"), Path.of("..data/unroot.yaml"));
        ConfigurationWatch mounted = new ConfigurationWatch(
                link, FIRST, this::apply, new ReloadMeters(new SimpleMeterRegistry(), Clock.systemUTC()));
        mounted.look();
        Path swapped = Files.createSymbolicLink(mount.resolve("..data_tmp"), young.getFileName());
        Files.move(swapped, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        mounted.look();
        mounted.look();
        assertThat(applied)
                .singleElement()
                .extracting(configuration -> configuration.review().floor())
                .isEqualTo(Level.NONROOT);
    }

    @Test
    void aBadOneIsRefusedAndTheOldOneStays() throws IOException {
        Files.writeString(file, text("high") + "flor: none\n");
        for (int i = 0; i < 5; i++) {
            watch.look();
        }
        assertThat(applied).isEmpty();
        assertThat(count("refused")).as("told once").isEqualTo(1);
        assertThat(current()).isZero();
        Files.writeString(file, FIRST);
        watch.look();
        assertThat(current()).isEqualTo(1);
        assertThat(count("applied")).isZero();
    }

    @Test
    void whatCannotBeUsedIsTriedAgain() throws IOException {
        objection = "imageLookup.registries: /etc/unroot/ca.crt cannot be read";
        Files.writeString(file, text("hardened"));
        watch.look();
        watch.look();
        watch.look();
        assertThat(count("refused")).isEqualTo(1);
        objection = null;
        watch.look();
        assertThat(applied).hasSize(1);
        assertThat(current()).isEqualTo(1);
    }

    @Test
    void aFileThatIsGoneIsTold() throws IOException {
        Files.delete(file);
        watch.look();
        watch.look();
        assertThat(count("refused")).isEqualTo(1);
        Files.writeString(file, FIRST);
        watch.look();
        assertThat(current()).isEqualTo(1);
        assertThat(applied).isEmpty();
    }

    private double count(String result) {
        return registry.get("unroot.config.reload")
                .tag("result", result)
                .counter()
                .count();
    }

    private double current() {
        return registry.get("unroot.config.current").gauge().value();
    }

    private static String text(String floor) {
        return "apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\nfloor: " + floor + "\n";
    }
}
