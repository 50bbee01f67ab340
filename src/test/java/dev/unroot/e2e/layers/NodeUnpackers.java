package dev.unroot.e2e.layers;

import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The code by which nodes unpack layers and look users up, as the program that {@code .ci/unpackers} builds. */
final class NodeUnpackers {
    private static final String FOLDER = "UNROOT_UNPACKERS";
    private static final String PROGRAM = "unpackers";
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final int MOST_MINUTES = 10;

    private final Path program;

    private NodeUnpackers(Path program) {
        this.program = program;
    }

    /** Fails where it cannot be run and CI is set; skips the tests elsewhere. Both say what to do. */
    static NodeUnpackers required() {
        String named = System.getenv(FOLDER);
        if (named == null || !Files.isExecutable(Path.of(named, PROGRAM))) {
            missing((named == null ? FOLDER + " is not set" : FOLDER + " lacks " + PROGRAM)
                    + ": export UNROOT_UNPACKERS=\"$(.ci/unpackers | tail -n 1)\"");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            missing("Only root can make whiteouts and mount layers: run the tests as root");
        }
        return new NodeUnpackers(Path.of(named, PROGRAM));
    }

    private static void missing(String message) {
        if (System.getenv("CI") != null) {
            Assertions.fail(message);
        }
        Assumptions.abort(message);
    }

    /**
     * What each way of unpacking and looking up comes to.
     *
     * @param answers for USER app and USER 1000: {@code UID:GID}, or {@code -} and why the container does not start; empty
     *     where the layers cannot be unpacked, or the groups not read
     */
    record Reading(String name, List<String> answers) {}

    /** Runs all stacks through; the answers are in their order. */
    List<List<Reading>> read(List<LayerStack> stacks) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(
                Files.isDirectory(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir")), "unpackers");
        Process process = new ProcessBuilder(program.toString(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        CompletableFuture.delayedExecutor(MOST_MINUTES, TimeUnit.MINUTES).execute(process::destroyForcibly);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(process, stacks));
            List<List<Reading>> all = new ArrayList<>();
            List<String> names = List.of(String.valueOf(lines.readLine()).split("\t"));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                all.add(readings(names, line.split("\t")));
            }
            written.join();
            Assertions.assertEquals(0, process.waitFor());
            Assertions.assertEquals(stacks.size(), all.size());
            return all;
        } finally {
            process.destroy();
            Files.deleteIfExists(folder);
        }
    }

    private static List<Reading> readings(List<String> names, String[] answers) {
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            // CRI-O reads the groups as well, and without them starts nothing.
            boolean refused = answers[i].startsWith("!") || answers[i].contains("unable_to_find_groups");
            readings.add(new Reading(names.get(i), refused ? List.of() : List.of(answers[i].split(" "))));
        }
        return readings;
    }

    private static void write(Process process, List<LayerStack> stacks) {
        try (DataOutputStream out = new DataOutputStream(process.getOutputStream())) {
            for (LayerStack stack : stacks) {
                out.writeInt(stack.tars().size());
                for (byte[] tar : stack.tars()) {
                    out.writeInt(tar.length);
                    out.write(tar);
                }
            }
        } catch (IOException ended) {
            // It says why on stderr, and its exit tells.
            process.destroy();
        }
    }
}
