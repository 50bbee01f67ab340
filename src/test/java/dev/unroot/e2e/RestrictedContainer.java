package dev.unroot.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.e2e.Programs.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs an image's own command as a pod under the "restricted" Pod Security Standard with a read-only root file system is
 * run: by runc, as the image's numeric user, without capabilities or new privileges, with an empty folder at /tmp.
 */
final class RestrictedContainer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path bundle;
    private final JsonNode image;
    private int runs;

    /**
     * @param bundle with the image's root file system in {@code rootfs}
     * @param image its configuration, whose USER is {@code uid:gid}
     */
    RestrictedContainer(Path bundle, JsonNode image) {
        this.bundle = bundle;
        this.image = image;
    }

    /** @param folders each mounted read-only at the root, under its own name */
    Result run(List<Path> folders, String... arguments) throws IOException, InterruptedException {
        Files.deleteIfExists(bundle.resolve("config.json"));
        Programs.succeed(bundle, "runc", "spec");
        ObjectNode spec =
                (ObjectNode) JSON.readTree(bundle.resolve("config.json").toFile());
        restrict(spec);
        ArrayNode command = spec.withObject("/process").putArray("args");
        image.get("Entrypoint").forEach(command::add);
        List.of(arguments).forEach(command::add);
        for (Path folder : folders) {
            mount(spec, "bind", folder.toString(), "/" + folder.getFileName(), "rbind", "ro");
        }
        JSON.writeValue(bundle.resolve("config.json").toFile(), spec);
        String name = "unroot-" + ProcessHandle.current().pid() + "-" + runs++;
        return Programs.run(bundle, List.of("runc", "run", name));
    }

    private void restrict(ObjectNode spec) {
        spec.withObject("/root").put("readonly", true);
        ObjectNode process = spec.withObject("/process");
        process.put("terminal", false).put("noNewPrivileges", true).put("cwd", "/");
        String[] user = image.get("User").asText().split(":", -1);
        process.putObject("user").put("uid", Integer.parseInt(user[0])).put("gid", Integer.parseInt(user[1]));
        process.putObject("capabilities");
        process.set("env", image.get("Env"));
        mount(spec, "tmpfs", "tmpfs", "/tmp", "nosuid", "nodev", "mode=1777");
    }

    private static void mount(ObjectNode spec, String type, String source, String destination, String... options) {
        ObjectNode mount = spec.withArray("/mounts")
                .addObject()
                .put("type", type)
                .put("source", source)
                .put("destination", destination);
        List.of(options).forEach(mount.putArray("options")::add);
    }
}
