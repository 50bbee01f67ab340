package dev.unroot.command;

import dev.unroot.common.Deadline;
import dev.unroot.common.Failures;
import dev.unroot.common.Text;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code unroot image}: which user images run as. */
@Command(
        name = "image",
        header = "Tell which user images run as.",
        description = {
            "Reads each image's USER, from a registry or an OCI layout, and looks names up in its /etc/passwd.",
            "With --images and no reference: every image that is there, whether it has a name or not.",
            ""
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  unroot image nginx:1.27",
            "  unroot image ghcr.io/team/app@sha256:… --platform linux/arm64",
            "  unroot image team/app:1 --images build/layout --output json",
            "  unroot image --images build/layout",
            "  unroot image @sha256:… --images image.tar",
            "",
            "Exit status: 0 no image runs as root, 1 one does or could not be verified, 2 wrong usage."
        })
final class ImageCommand implements Callable<Integer> {
    /** An image with many platforms and layers, on a slow line; the person can always give up earlier. */
    private static final Duration TIME_LIMIT = Duration.ofMinutes(2);

    private final Services services;
    private final Terminal terminal;

    @ParentCommand
    @Nullable
    UnrootCommand parent;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            paramLabel = "REFERENCE",
            arity = "0..*",
            description = "An image, as a pod names it; with --images also @DIGEST, for one that has no name.")
    List<String> references = new ArrayList<>();

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            converter = PlatformConverter.class,
            description = "A platform to look at. Repeatable; without it, every one that the image offers.")
    List<Platform> platforms = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "text|json",
            converter = OutputFormat.Converter.class,
            description = "How to print the report. Default: text.")
    OutputFormat output = OutputFormat.TEXT;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Read images from this OCI layout or tar instead of registries.")
    @Nullable
    Path images;

    ImageCommand(Services services, Terminal terminal) {
        this.services = services;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws UsageException {
        requireReference();
        try (ImageInspector inspector = services.images(images)) {
            Report<InspectedImage> report = output == OutputFormat.JSON
                    ? new ImageJson(terminal.out())
                    : new ImageText(terminal.out(), Palette.of(terminal));
            ExitStatus status = new ExitStatus();
            OrderedTasks.forEach(wanted(inspector), reference -> inspect(inspector, reference), image -> {
                status.raise(image.exitStatus());
                complain(image);
                report.add(image);
                return !terminal.out().checkError();
            });
            report.end();
            return status.value();
        }
    }

    private List<String> wanted(ImageInspector inspector) throws UsageException {
        if (!references.isEmpty()) {
            return references;
        }
        List<String> all = inspector.all();
        if (all.isEmpty()) {
            throw new UsageException("--images " + images + " holds no image");
        }
        return all;
    }

    private void requireReference() {
        if (spec != null && references.isEmpty() && images == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Missing required parameter: 'REFERENCE'; only with --images it may be left out");
        }
    }

    private InspectedImage inspect(ImageInspector inspector, String text) {
        ImageReference reference;
        try {
            reference = images != null && text.startsWith("@")
                    ? ImageReference.parseDigestAlone(text)
                    : ImageReference.parse(text);
        } catch (IllegalArgumentException e) {
            return new InspectedImage.Unusable(text, Text.why(e), null);
        }
        try {
            ImageFacts facts = inspector
                    .inspect(reference, List.copyOf(platforms), Deadline.in(TIME_LIMIT))
                    .toCompletableFuture()
                    .join();
            if (facts instanceof ImageFacts.Known known) {
                return InspectedImage.Known.of(reference.toString(), known);
            }
            ImageFacts.Unknown unknown = (ImageFacts.Unknown) facts;
            return new InspectedImage.Unverified(reference.toString(), unknown.cause(), unknown.reason());
        } catch (RuntimeException | StackOverflowError e) {
            Throwable fault = Failures.unwrapped(e);
            return new InspectedImage.Unusable(reference.toString(), "internal fault: " + fault, fault);
        }
    }

    private void complain(InspectedImage image) {
        // The report for people says it by itself; one for programs is seldom read by the person who waits.
        if (image instanceof InspectedImage.Unverified unverified && output == OutputFormat.JSON) {
            terminal.complain(unverified.reference() + " could not be verified: " + unverified.reason());
        } else if (image instanceof InspectedImage.Unusable unusable) {
            terminal.complain("unroot: " + unusable.reason());
            if (parent != null) {
                parent.trace(unusable.fault());
            }
        }
    }
}
