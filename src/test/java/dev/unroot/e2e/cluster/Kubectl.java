package dev.unroot.e2e.cluster;

import dev.unroot.e2e.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** kubectl as one person runs it. */
record Kubectl(String program, Path kubeconfig, Path folder) {

    Programs.Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program, "--kubeconfig", kubeconfig.toString()));
        command.addAll(List.of(arguments));
        return Programs.run(folder, command);
    }

    /** {@code kubectl COMMAND -f FILE} with a manifest. */
    Programs.Result runWith(String manifest, String... arguments) throws IOException, InterruptedException {
        Path file = Files.writeString(Files.createTempFile(folder, "manifest", ".yaml"), manifest);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("-f");
        all.add(file.toString());
        return run(all.toArray(String[]::new));
    }
}
