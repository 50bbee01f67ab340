package dev.unroot.command;

import dev.unroot.audit.AuditReport;
import dev.unroot.audit.Inventory;
import dev.unroot.audit.JudgedSpec;
import dev.unroot.audit.State;
import dev.unroot.audit.Workload;
import dev.unroot.common.Deadline;
import dev.unroot.manifest.ManifestFiles;
import dev.unroot.manifest.ManifestResult;
import dev.unroot.model.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code unroot audit}: what enforcing would break, whose it is, and how to mend it. */
@Command(
        name = "audit",
        header = "Tell what enforcing would break, whose it is and how to mend it.",
        description = {
            "Reads what kubectl printed of a cluster, groups pods by their owner at the top, and judges every workload at"
                    + " every level. Nothing is written anywhere.",
            ""
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kubectl get ns,po,deploy,sts,ds,rs,job,cj,rc -A -o json | unroot audit --from -",
            "  unroot audit --from cluster.json --by image",
            "  unroot audit --from cluster.json --by workload -n shop --level hardened",
            "",
            "Exit status: 0 read, 1 something that --fail-on names, 2 wrong usage or unreadable input."
        })
final class AuditCommand implements Callable<Integer> {
    private static final String STDIN = "-";

    private final Services services;
    private final Terminal terminal;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--from",
            paramLabel = "FILE|-",
            required = true,
            description = "Output of kubectl get -o json or -o yaml, or - for standard input. Repeatable.")
    List<String> from = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Only this namespace. Repeatable.")
    List<String> namespaces = new ArrayList<>();

    @Option(
            names = "--by",
            paramLabel = "namespace|image|workload|cause",
            converter = AuditView.Converter.class,
            description = "What to print a line for. Default: namespace.")
    AuditView by = AuditView.NAMESPACE;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            converter = LevelConverter.class,
            description =
                    "nonroot, hardened or explicit: the level that images, workloads, causes and --fail-on are told"
                            + " at. Default: nonroot.")
    Level level = Level.NONROOT;

    @Option(
            names = "--fail-on",
            paramLabel = "violation|unverified|will-not-start",
            converter = FailOnConverter.class,
            description = "Exit with 1 where a workload at that level comes to this, or to worse.")
    @Nullable
    State failOn;

    @Option(
            names = "--output",
            paramLabel = "text|json",
            converter = OutputFormat.Converter.class,
            description = "How to print the report. Default: text.")
    OutputFormat output = OutputFormat.TEXT;

    @Mixin
    JudgingOptions judgingOptions = new JudgingOptions();

    AuditCommand(Services services, Terminal terminal) {
        this.services = services;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws UsageException {
        try (SubjectJudge judging = services.judging(options())) {
            AuditInput input = new AuditInput(Set.copyOf(namespaces));
            List<ManifestResult> read =
                    ManifestFiles.withStatus(judging.templates(), terminal.in()).read(from);
            ExitStatus status = new ExitStatus();
            for (ManifestResult result : read) {
                String complaint = input.add(result);
                if (complaint != null) {
                    terminal.complain(complaint);
                }
            }
            status.raise(input.unreadable() ? ExitStatus.USAGE : ExitStatus.OK);
            AuditReport report = judge(input.inventory(), judging);
            if (output == OutputFormat.JSON) {
                new AuditJson(terminal.out()).print(report, level);
            } else {
                new AuditText(terminal.out(), Palette.of(terminal)).print(report, by, level);
            }
            status.raise(fails(report) ? ExitStatus.NOT_ALLOWED : ExitStatus.OK);
            return status.value();
        }
    }

    private static AuditReport judge(Inventory inventory, SubjectJudge judging) {
        List<Workload> workloads = List.copyOf(inventory.workloads());
        Map<AuditReport.Spec, JudgedSpec> judged = new HashMap<>();
        List<AuditReport.Spec> specs = List.copyOf(AuditReport.specs(workloads));
        OrderedTasks.forEach(specs, spec -> Map.entry(spec, judge(spec, judging)), done -> {
            judged.put(done.getKey(), done.getValue());
            return true;
        });
        return AuditReport.of(inventory, workloads, spec -> {
            JudgedSpec known = judged.get(spec);
            if (known == null) {
                throw new IllegalStateException("a spec was not judged");
            }
            return known;
        });
    }

    private static JudgedSpec judge(AuditReport.Spec spec, SubjectJudge judging) {
        String namespace = spec.namespace().isEmpty() ? null : spec.namespace();
        String exemption = judging.exemption(namespace, spec.pod());
        if (exemption != null) {
            return JudgedSpec.exempt(exemption);
        }
        return JudgedSpec.of(
                spec.pod(),
                judging.judge()
                        .judge(
                                spec.pod(),
                                namespace,
                                JudgedSpec.LEVELS,
                                container -> false,
                                Deadline.in(judging.timeLimit()))
                        .toCompletableFuture()
                        .join());
    }

    private boolean fails(AuditReport report) {
        State worst = failOn;
        return worst != null
                && report.workloads().stream()
                        .anyMatch(workload -> workload.at(level).compareTo(worst) <= 0);
    }

    /** @throws ParameterException where what was given contradicts itself */
    private CheckOptions options() {
        if (spec == null) {
            throw new IllegalStateException("the command was not made by UnrootCommand");
        }
        CheckOptions options = judgingOptions.of(spec);
        if (level == Level.NONE) {
            throw new ParameterException(
                    spec.commandLine(), "--level none requires nothing: write nonroot, hardened or explicit");
        }
        if (from.indexOf(STDIN) != from.lastIndexOf(STDIN)) {
            throw new ParameterException(
                    spec.commandLine(), "--from - can be given once: standard input ends only once");
        }
        return options;
    }
}
