package dev.unroot.registry.credentials;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a process writes until it ends, bounded in time and size. Never blocks in a read: a child that outlives its parent
 * may hold the pipe open for ever.
 */
final class ProcessOutput {
    static final int LARGEST = 64 * 1024;

    /** Less than the smallest pipe holds. */
    private static final int MUCH = 2 * 1024;

    private static final long PAUSE_MILLIS = 10;
    /** How long the last bytes of a process that has ended may be in the hands of the JDK, which empties its pipe. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** An environment variable that all inherit which a process starts, whoever their parent is by then. */
    static final String MARK = "UNROOT_CREDENTIAL_HELPER";

    private static final int MOST_ROUNDS = 10;

    private final Process process;
    private final String mark;
    private final long deadline;
    private final Duration timeout;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** How a process ended, and what it wrote. */
    record Ended(int status, String text) {
        @Override
        public String toString() {
            return "Ended[" + status + "]";
        }
    }

    /** It took too long or wrote too much. */
    static final class Excess extends Exception {
        private static final long serialVersionUID = 1L;

        Excess(String what) {
            super(what, null, false, false);
        }
    }

    /** @param mark the process's value of {@link #MARK}; no other's */
    ProcessOutput(Process process, String mark, Duration timeout) {
        this.process = process;
        this.mark = mark;
        this.timeout = timeout;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    Ended read() throws Excess, InterruptedException {
        while (!process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
            // Not before it matters: from a pipe that the JDK empties at the same moment, a read would block.
            take(MUCH);
            if (System.nanoTime() - deadline > 0) {
                throw new Excess("did not answer within " + timeout.toSeconds() + " seconds");
            }
        }
        long end = System.nanoTime() + GRACE.toNanos();
        do {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            take(1);
        } while (!isComplete() && System.nanoTime() - end < 0);
        return new Ended(process.exitValue(), bytes.toString(StandardCharsets.UTF_8));
    }

    /** What a helper says ends with a brace, or with a line end or letter where it is a sentence. */
    private boolean isComplete() {
        String text = bytes.toString(StandardCharsets.UTF_8).strip();
        return process.exitValue() == 0 ? text.endsWith("}") : !text.isEmpty();
    }

    /** What is there, if that is at least so many bytes. */
    private void take(int least) throws Excess {
        try {
            InputStream out = process.getInputStream();
            for (int ready = out.available(); ready >= least; ready = out.available()) {
                bytes.write(out.readNBytes(Math.min(ready, LARGEST)));
                if (bytes.size() > LARGEST) {
                    throw new Excess("wrote more than " + LARGEST + " bytes");
                }
            }
        } catch (IOException e) {
            // The pipe is closed: nothing more will come.
        }
    }

    /** With whatever it has started, and that in turn, also where the parent has ended before. */
    void kill() {
        for (List<ProcessHandle> alive = family(); !alive.isEmpty(); alive = children(alive)) {
            alive.forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
        // Who has lost its parent is nobody's child: on Linux it is known by what it inherited.
        List<ProcessHandle> orphans = orphans();
        for (int round = 0; round < MOST_ROUNDS && !orphans.isEmpty(); round++) {
            orphans.forEach(ProcessHandle::destroyForcibly);
            orphans = orphans();
        }
    }

    private List<ProcessHandle> orphans() {
        return ProcessHandle.allProcesses().filter(this::isMarked).toList();
    }

    /** Never so of one that has ended, nor of another user's, which cannot be read. */
    private boolean isMarked(ProcessHandle other) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(other.pid()), "environ"));
            return new String(environment, StandardCharsets.ISO_8859_1).contains(MARK + "=" + mark);
        } catch (IOException | SecurityException e) {
            return false;
        }
    }

    private List<ProcessHandle> family() {
        List<ProcessHandle> family = new ArrayList<>();
        if (process.isAlive()) {
            family.add(process.toHandle());
        }
        process.descendants().forEach(family::add);
        return family;
    }

    /** Those that came while their parents were being ended. */
    private static List<ProcessHandle> children(List<ProcessHandle> parents) {
        List<ProcessHandle> children = new ArrayList<>();
        parents.forEach(parent ->
                parent.children().filter(child -> !parents.contains(child)).forEach(children::add));
        return children;
    }
}
