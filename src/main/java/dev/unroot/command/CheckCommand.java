package dev.unroot.command;

import dev.unroot.manifest.ManifestFiles;
import dev.unroot.manifest.ManifestResult;
import dev.unroot.model.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code unroot check}: judges manifests before anybody applies them. */
@Command(
        name = "check",
        header = "Judge manifests: which of their pods would be admitted, and why not.",
        description = {
            "Reads Kubernetes manifests and judges every pod and every controller as the webhook would judge its"
                    + " pods. Images are looked up only where the verdict depends on them.",
            ""
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  unroot check -f deploy/",
            "  helm template my-chart | unroot check -f - --level hardened",
            "  unroot check -f pod.yaml --offline --output json",
            "",
            "Exit status: 0 all allowed, 1 something not allowed, 2 wrong usage or unreadable input."
        })
final class CheckCommand implements Callable<Integer> {
    private static final String STDIN = "-";

    private final Services services;
    private final Terminal terminal;

    @Spec
    @Nullable
    CommandSpec spec;

    @ParentCommand
    @Nullable
    UnrootCommand parent;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH|-",
            required = true,
            description = "A manifest, a directory of them (with all below it), or - for standard input. Repeatable.")
    List<String> filenames = new ArrayList<>();

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            converter = LevelConverter.class,
            description = "none, nonroot, hardened or explicit, whatever else says. Without it: what is enforced in the"
                    + " object's namespace by its Namespace, where that is among what is checked, else by the"
                    + " configuration, else nonroot.")
    @Nullable
    Level level;

    @Option(
            names = "--output",
            paramLabel = "text|json",
            converter = OutputFormat.Converter.class,
            description = "How to print the report. Default: text.")
    OutputFormat output = OutputFormat.TEXT;

    @Mixin
    JudgingOptions judgingOptions = new JudgingOptions();

    CheckCommand(Services services, Terminal terminal) {
        this.services = services;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws UsageException {
        try (SubjectJudge judging = services.judging(options())) {
            List<ManifestResult> inputs = new ManifestFiles(judging.templates(), terminal.in()).read(filenames);
            SubjectChecker checker = new SubjectChecker(judging, level, InputNamespaces.of(inputs));
            Report<CheckResult> report = report(inputs);
            ExitStatus status = new ExitStatus();
            OrderedTasks.forEach(inputs, checker::check, result -> {
                status.raise(result.exitStatus());
                complain(result);
                report.add(result);
                // Whoever read the report may have gone; nobody needs the rest then.
                return !terminal.out().checkError();
            });
            report.end();
            return status.value();
        }
    }

    /** @throws ParameterException where what was given contradicts itself */
    private CheckOptions options() {
        if (spec == null) {
            throw new IllegalStateException("the command was not made by UnrootCommand");
        }
        CheckOptions options = judgingOptions.of(spec);
        if (filenames.indexOf(STDIN) != filenames.lastIndexOf(STDIN)) {
            throw new ParameterException(spec.commandLine(), "-f - can be given once: standard input ends only once");
        }
        return options;
    }

    private Report<CheckResult> report(List<ManifestResult> inputs) {
        if (output == OutputFormat.JSON) {
            return new CheckJson(terminal.out());
        }
        int width = 0;
        for (ManifestResult input : inputs) {
            boolean makesPods = input instanceof ManifestResult.Found found
                    && found.subject().pod() != null;
            width = makesPods ? Math.max(width, input.location().toString().length()) : width;
        }
        return new CheckText(terminal.out(), Palette.of(terminal), width);
    }

    private void complain(CheckResult result) {
        if (result instanceof CheckResult.NotJudged unknown) {
            terminal.complain(unknown.location() + ": " + unknown.message());
        } else if (result instanceof CheckResult.Other other) {
            other.remarks().forEach(remark -> terminal.complain(other.location() + ": " + remark));
        } else if (result instanceof CheckResult.Unreadable unreadable) {
            terminal.complain(unreadable.location() + ": " + unreadable.message());
            if (parent != null) {
                parent.trace(unreadable.fault());
            }
        }
    }
}
