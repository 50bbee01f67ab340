package dev.unroot.command;

import dev.unroot.common.Durations;
import dev.unroot.common.Text;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code unroot probe}: what {@code helm test} runs. Not listed among the commands: people have kubectl for it. */
@Command(
        name = "probe",
        hidden = true,
        header = "Ask the API server for a pod that starts as root, as a dry run, and expect Unroot to deny it.",
        sortOptions = false)
final class ProbeCommand implements Callable<Integer> {
    /** How API servers quote one of Unroot's webhooks. */
    private static final Pattern DENIED =
            Pattern.compile("admission webhook \"[a-z.]+\\.unroot\\.dev\" denied the request");

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Services services;
    private final Terminal terminal;

    @Option(
            names = "--namespace",
            required = true,
            paramLabel = "NAME",
            description = "A namespace that enforces a level.")
    String namespace = "";

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long to go on asking while the answer is another one. Default: 60s.")
    Duration timeout = Duration.ofSeconds(60);

    ProbeCommand(Services services, Terminal terminal) {
        this.services = services;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws UsageException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        try (ClusterTasks cluster = services.cluster()) {
            while (true) {
                String refusal = cluster.refusalOfARootPod(namespace);
                if (refusal != null && DENIED.matcher(refusal).find()) {
                    terminal.out().println("A pod that starts as root is denied, as it should be: " + refusal);
                    return ExitStatus.OK;
                }
                if (System.nanoTime() - end >= 0) {
                    terminal.complain(complaint(refusal));
                    return ExitStatus.NOT_ALLOWED;
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    private String complaint(@Nullable String refusal) {
        return refusal == null
                ? "unroot: a pod that starts as root would be admitted into namespace " + namespace + ": the API server"
                        + " does not ask Unroot about it. Look at the namespace's label unroot.dev/enforce and at the"
                        + " ValidatingWebhookConfiguration"
                : "unroot: a pod that starts as root was refused in namespace " + namespace + ", but not by Unroot: "
                        + refusal;
    }

    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(Text.why(e));
            }
        }
    }
}
