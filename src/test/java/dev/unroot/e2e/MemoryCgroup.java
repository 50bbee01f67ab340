package dev.unroot.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much memory as a container may have, by version 1 or 2 of control groups; only root may make one. */
public final class MemoryCgroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final Pattern KILLED = Pattern.compile("(?m)^oom_kill (\\d+)$");

    private final Path folder;
    private final boolean first;

    private MemoryCgroup(Path folder, boolean first) {
        this.folder = folder;
        this.first = first;
    }

    /** @param limit in bytes */
    public static MemoryCgroup make(long limit) throws IOException {
        boolean first = Files.exists(ROOT.resolve("memory/memory.limit_in_bytes"));
        Path parent = first ? ROOT.resolve("memory") : ROOT;
        Path folder = parent.resolve("unroot-test-" + ProcessHandle.current().pid());
        try {
            if (!first) {
                Files.writeString(parent.resolve("cgroup.subtree_control"), "+memory");
            }
            Files.createDirectory(folder);
            Files.writeString(folder.resolve(first ? "memory.limit_in_bytes" : "memory.max"), Long.toString(limit));
        } catch (IOException e) {
            throw new AssertionError("no memory cgroup can be made in " + parent + ": run this test as root", e);
        }
        return new MemoryCgroup(folder, first);
    }

    /** The same program, within it. */
    public List<String> command(List<String> command) {
        List<String> within = new ArrayList<>(
                List.of("sh", "-c", "echo $$ > " + folder.resolve("cgroup.procs") + " && exec \"$@\"", "sh"));
        within.addAll(command);
        return within;
    }

    /** How many processes the kernel has killed for want of memory. */
    public int killed() throws IOException {
        String events = Files.readString(folder.resolve(first ? "memory.oom_control" : "memory.events"));
        Matcher killed = KILLED.matcher(events);
        if (!killed.find()) {
            throw new AssertionError("no oom_kill in " + events);
        }
        return Integer.parseInt(killed.group(1));
    }

    /** Once all of its processes have ended. */
    @Override
    public void close() throws IOException {
        Files.delete(folder);
    }
}
