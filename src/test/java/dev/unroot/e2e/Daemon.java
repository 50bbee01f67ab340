package dev.unroot.e2e;

import dev.unroot.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A program that runs until it is told to stop, writing to a log file. None outlives the tests' JVM. */
public final class Daemon implements AutoCloseable {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static final Duration PATIENCE = Eventually.PATIENCE;
    private static final int TAIL_LINES = 40;

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end-daemons"));
    }

    private final String name;
    private final Process process;
    private final Path log;

    private Daemon(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it and returns at once.
     *
     * @param name for messages
     * @param log what it prints is appended there
     * @param environment besides this process's own
     */
    public static Daemon start(String name, Path log, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(log.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        RUNNING.add(process);
        process.onExit().thenAccept(RUNNING::remove);
        return new Daemon(name, process, log);
    }

    /** Waits until it is ready; where it ends or takes minutes, it is stopped and the end of its log is the error. */
    public Daemon await(Callable<Boolean> ready) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Exception last = null;
        while (process.isAlive() && System.nanoTime() - end < 0) {
            try {
                if (ready.call()) {
                    return this;
                }
            } catch (Exception notYet) {
                last = notYet;
            }
            Thread.sleep(50);
        }
        String how = process.isAlive() ? "was not ready within " + PATIENCE : "exited with " + process.exitValue();
        kill();
        throw new AssertionError(name + " " + how + ". The end of " + log + ":\n" + tail(), last);
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    public String log() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(" + log + " cannot be read: " + e.getMessage() + ")";
        }
    }

    private String tail() {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    /** Sends SIGTERM and returns at once. */
    public void terminate() {
        process.destroy();
    }

    /** Stops it without ending it: whoever asks it is connected, and waits. */
    public void pause() throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new AssertionError(name + " could not be paused");
        }
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits for the end, and gives the exit status. */
    public int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            kill();
            throw new AssertionError(
                    name + " did not stop within " + PATIENCE + ". The end of " + log + ":\n" + tail());
        }
        return process.exitValue();
    }

    /** Sends SIGTERM and waits for the end, whatever its exit status. */
    @Override
    public void close() throws InterruptedException {
        terminate();
        awaitEnd();
    }
}
