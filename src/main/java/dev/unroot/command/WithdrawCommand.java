package dev.unroot.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code unroot withdraw}: what the chart runs before Helm 3 deletes the rest. Not listed among the commands. */
@Command(
        name = "withdraw",
        hidden = true,
        header = "Delete a ValidatingWebhookConfiguration, so that API servers ask nobody any more.",
        sortOptions = false)
final class WithdrawCommand implements Callable<Integer> {
    private final Services services;
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "Of the ValidatingWebhookConfiguration.")
    String name = "";

    WithdrawCommand(Services services, Terminal terminal) {
        this.services = services;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws UsageException {
        try (ClusterTasks cluster = services.cluster()) {
            boolean deleted = cluster.deleteWebhookConfiguration(name);
            terminal.out()
                    .println("ValidatingWebhookConfiguration " + name + (deleted ? " is deleted" : " was not there"));
            return ExitStatus.OK;
        }
    }
}
