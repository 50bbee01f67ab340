package dev.unroot.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of commands that judge pods: by which configuration, and what they know of images by. */
final class JudgingOptions {
    @Option(names = "--offline", description = "Look no image up: where the verdict depends on one, it is unverified.")
    boolean offline;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Read images from this OCI layout or tar instead of registries.")
    @Nullable
    Path images;

    @Option(names = "--config", paramLabel = "FILE", description = "Unroot's configuration file.")
    @Nullable
    Path config;

    /** @throws ParameterException where they contradict each other */
    CheckOptions of(CommandSpec command) {
        if (offline && images != null) {
            throw new ParameterException(
                    command.commandLine(),
                    "--offline and --images exclude each other: --images already asks no registry, --offline reads no"
                            + " image at all");
        }
        return new CheckOptions(config, images, offline);
    }
}
