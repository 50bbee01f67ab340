package dev.unroot.e2e;

import dev.unroot.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Runs the programs that end-to-end tests need, and the packaged Unroot itself. */
public final class Programs {
    static final Path JAR = Path.of("target", "unroot.jar").toAbsolutePath();
    /** Of Debian, where they are not named as the program is. */
    private static final Map<String, String> PACKAGES = Map.of("ip", "iproute2");

    /** The port at which the first {@code serve} waits for a debugger, by {@code -Ddebug.serve=PORT}. */
    private static final AtomicReference<@Nullable String> DEBUG =
            new AtomicReference<>(System.getProperty("debug.serve"));

    private static final Duration PATIENCE = Eventually.PATIENCE;

    private Programs() {}

    public record Result(int exit, String out, String err) {}

    /** Fails where a program is missing and CI is set; skips the test elsewhere. Both say how to install it. */
    public static void require(String... programs) {
        List<String> missing = new ArrayList<>();
        for (String program : programs) {
            if (!isOnPath(program)) {
                missing.add(program);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        String message = "missing " + missing + ": apt-get update && apt-get install -y "
                + missing.stream()
                        .map(program -> PACKAGES.getOrDefault(program, program))
                        .collect(Collectors.joining(" "));
        if (System.getenv("CI") != null) {
            Assertions.fail(message);
        }
        Assumptions.abort(message);
    }

    private static boolean isOnPath(String program) {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /** Runs to the end and must exit with 0. */
    public static Result succeed(Path directory, String... command) throws IOException, InterruptedException {
        Result result = run(directory, List.of(command));
        if (result.exit() != 0) {
            throw new AssertionError(
                    String.join(" ", command) + " exited with " + result.exit() + ":\n" + result.out() + result.err());
        }
        return result;
    }

    /** Runs {@code java -jar target/unroot.jar} to the end. */
    public static Result unroot(Path directory, String... arguments) throws IOException, InterruptedException {
        return run(directory, unrootCommand(arguments));
    }

    /** The same with variables that are set in its environment. */
    public static Result unroot(Path directory, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return run(directory, environment, unrootCommand(arguments));
    }

    public static List<String> unrootCommand(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String debug = arguments[0].equals("serve") ? DEBUG.getAndSet(null) : null;
        if (debug != null) {
            command.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:" + debug);
        }
        command.add("-jar");
        command.add(JAR.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    public static Result run(Path directory, List<String> command) throws IOException, InterruptedException {
        return run(directory, Map.of(), command);
    }

    private static Result run(Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        return run(directory, environment, PATIENCE, command);
    }

    /**
     * @param environment besides this process's own
     * @param patience after which it is ended, and the test fails
     */
    public static Result run(Path directory, Map<String, String> environment, Duration patience, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(String.join(" ", command) + " did not end within " + patience + ":\n"
                        + Files.readString(out) + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }
}
