package dev.unroot.e2e.cluster;

import dev.unroot.chart.Chart;
import dev.unroot.e2e.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** One of the two Helms, as an administrator runs it, with release "unroot" in namespace "unroot". */
final class Helm {
    static final String NAMESPACE = "unroot";
    static final String RELEASE = "unroot";

    private static final String FOLDER = "UNROOT_HELM";
    private static final String INSTALL = "export UNROOT_HELM=\"$(.ci/helm | tail -n 1)\"";
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    /** For pods to start on a busy machine, which Helm gives five minutes unless told otherwise. */
    private static final List<String> TIMEOUT = List.of("--timeout", "15m");

    private static final Set<String> WAITING = Set.of("install", "upgrade", "rollback", "uninstall", "test");

    private final Path program;
    private final Path kubeconfig;
    private final Path folder;

    private Helm(Path program, Path kubeconfig, Path folder) {
        this.program = program;
        this.kubeconfig = kubeconfig;
        this.folder = folder;
    }

    /** Fails where one is missing and CI is set; skips the tests elsewhere. Both say how to get them. */
    static void require() {
        String named = System.getenv(FOLDER);
        for (String program : List.of("helm3", "helm4")) {
            if (named == null || !Files.isExecutable(Path.of(named, program))) {
                String message = (named == null ? FOLDER + " is not set" : FOLDER + " lacks " + program)
                        + ". The tests need helm3 and helm4: " + INSTALL;
                if (System.getenv("CI") != null) {
                    Assertions.fail(message);
                }
                Assumptions.abort(message);
            }
        }
    }

    /**
     * After {@link #require}.
     *
     * @param version 3 or 4
     * @param folder what it writes for itself goes there
     */
    static Helm of(int version, Path kubeconfig, Path folder) {
        return new Helm(Path.of(System.getenv(FOLDER), "helm" + version), kubeconfig, folder);
    }

    Path program() {
        return program;
    }

    /** {@code helm COMMAND unroot … --namespace unroot}. @param command one word, or two as in {@code get manifest} */
    Programs.Result run(String command, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(program.toString()));
        line.addAll(List.of(command.split(" ")));
        line.add(RELEASE);
        if (WAITING.contains(command)) {
            line.addAll(TIMEOUT);
        }
        line.addAll(List.of(arguments));
        line.addAll(List.of("--namespace", NAMESPACE, "--kubeconfig", kubeconfig.toString()));
        Map<String, String> homes = Map.of(
                "HELM_CACHE_HOME", folder.resolve("cache").toString(),
                "HELM_CONFIG_HOME", folder.resolve("config").toString(),
                "HELM_DATA_HOME", folder.resolve("data").toString());
        return Programs.run(folder, homes, PATIENCE, line);
    }

    /** It must exit with 0. */
    Programs.Result succeed(String command, String... arguments) throws IOException, InterruptedException {
        Programs.Result result = run(command, arguments);
        if (result.exit() != 0) {
            throw new AssertionError(
                    "helm " + command + " exited with " + result.exit() + ":\n" + result.out() + result.err());
        }
        return result;
    }

    /** Install or upgrade with these values, and wait. @param values YAML */
    Programs.Result apply(String command, String values, String... arguments) throws IOException, InterruptedException {
        Path file = Files.writeString(Files.createTempFile(folder, "values", ".yaml"), values);
        List<String> all =
                new ArrayList<>(List.of(Chart.FOLDER.toAbsolutePath().toString(), "--values", file.toString()));
        all.addAll(List.of(arguments));
        return run(command, all.toArray(String[]::new));
    }

    @Override
    public String toString() {
        return program.getFileName().toString();
    }
}
