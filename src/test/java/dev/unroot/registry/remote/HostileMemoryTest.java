package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.ImageVerdict;
import dev.unroot.model.UnknownCause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four registries at their worst, all at once, against a process with a heap of 64 MiB. */
class HostileMemoryTest extends RegistryTestBase {
    private static final int REGISTRIES = 4;

    private final Map<String, String> expected = new LinkedHashMap<>();

    @Test
    @Timeout(300)
    void allOfItFitsIntoASmallHeap(@TempDir Path folder) throws Exception {
        List<TestRegistry> registries = new ArrayList<>();
        for (int i = 0; i < REGISTRIES; i++) {
            registries.add(http());
        }
        String tooLarge = UnknownCause.TOO_LARGE.label();
        String malformed = UnknownCause.MALFORMED.label();
        for (TestRegistry registry : registries) {
            for (int i = 0; i < REGISTRIES; i++) {
                put(registry, "bomb-" + i, tooLarge, Misbehaviour::gzipBomb);
                put(registry, "manifest-" + i, tooLarge, Misbehaviour::endlessManifest);
                put(registry, "configuration-" + i, tooLarge, Misbehaviour::endlessConfiguration);
            }
            put(registry, "layer", tooLarge, Misbehaviour::endlessLayer);
            put(registry, "entries", tooLarge, Misbehaviour::millionEntries);
            put(registry, "lists", malformed, Misbehaviour::hugeManifest);
            put(registry, "keys", malformed, Misbehaviour::hugeConfiguration);
            put(registry, "passwd-1", ImageVerdict.WILL_NOT_START.label(), Misbehaviour::largePasswd);
            put(registry, "passwd-2", ImageVerdict.WILL_NOT_START.label(), Misbehaviour::largePasswd);
        }

        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(280, TimeUnit.SECONDS)).as("ended").isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(Files.readString(err)).doesNotContain("OutOfMemoryError");
        assertThat(Files.readAllLines(out))
                .containsExactlyElementsOf(expected.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList());
        assertThat(process.exitValue()).isZero();
    }

    private void put(
            TestRegistry registry, String repository, String outcome, BiConsumer<Misbehaviour, String> misbehaviour) {
        misbehaviour.accept(new Misbehaviour(registry), repository);
        expected.put(registry.host() + "/" + repository + ":1", outcome);
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                HostileLookups.class.getName()));
        command.addAll(expected.keySet());
        return command;
    }
}
