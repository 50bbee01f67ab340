package dev.unroot.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The command line as a whole. */
@Command(
        name = "unroot",
        header = "Knows which user every container will really run as, before it runs.",
        description = {
            "",
            "A Kubernetes validating admission webhook. It reads the pod's securityContext and the image's USER, and"
                    + " admits, denies or only reports.",
            ""
        },
        versionProvider = UnrootCommand.Version.class,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  unroot check -f deploy/",
            "  unroot image nginx:1.27",
            "  unroot serve --standalone",
            "",
            "unroot COMMAND --help says more about a command."
        })
public final class UnrootCommand implements Runnable {
    private static final String COMMANDS = "serve, check, audit or image";

    private final Terminal terminal;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Print this help.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Print the version.")
    boolean version;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Print stack traces of internal faults; so does UNROOT_VERBOSE=1.")
    boolean verbose;

    private UnrootCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Runs one command to its end.
     *
     * @return the exit status: 0 all is well, 1 something is not allowed, 2 wrong usage, unreadable input or a fault of
     *     our own
     */
    public static int run(Services services, Terminal terminal, String... arguments) {
        UnrootCommand root = new UnrootCommand(terminal);
        CommandLine line = new CommandLine(root)
                .addSubcommand(new ServeCommand(services))
                .addSubcommand(new CheckCommand(services, terminal))
                .addSubcommand(new AuditCommand(services, terminal))
                .addSubcommand(new ImageCommand(services, terminal))
                .addSubcommand(new ProbeCommand(services, terminal))
                .addSubcommand(new WithdrawCommand(services, terminal))
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(terminal.colours())
                .setParameterExceptionHandler((failure, given) -> root.wrongUsage(failure))
                .setExecutionExceptionHandler((failure, command, parsed) -> root.failed(failure));
        int status = line.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return status;
    }

    boolean wantsStackTraces() {
        return verbose || terminal.verbose();
    }

    /** @param fault of our own; null where there is none */
    void trace(@Nullable Throwable fault) {
        if (fault != null && wantsStackTraces()) {
            fault.printStackTrace(terminal.err());
            terminal.err().flush();
        }
    }

    @Override
    public void run() {
        throw new ParameterException(new CommandLine(this), "name a command: " + COMMANDS);
    }

    private int wrongUsage(ParameterException failure) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName(" ");
        terminal.complain(command + ": " + Usage.wrong(failure, COMMANDS) + "\nTry " + command + " --help");
        return ExitStatus.USAGE;
    }

    private int failed(Exception failure) {
        if (failure instanceof UsageException) {
            terminal.complain("unroot: " + failure.getMessage());
        } else {
            terminal.fault(failure, wantsStackTraces());
        }
        return ExitStatus.USAGE;
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = UnrootCommand.class.getPackage().getImplementationVersion();
            return new String[] {"unroot " + (version == null ? "development build" : version)};
        }
    }
}
