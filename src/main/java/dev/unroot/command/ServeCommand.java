package dev.unroot.command;

import dev.unroot.common.HostAndPort;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code unroot serve}: the admission webhook. */
@Command(
        name = "serve",
        header = "Serve the admission webhook.",
        description = {"Answers AdmissionReviews on POST /validate over HTTPS until it is told to stop (SIGTERM).", ""},
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  unroot serve --config /etc/unroot/config.yaml",
            "  unroot serve --standalone --images manifests/images --write-ca ca.crt"
        })
final class ServeCommand implements Callable<Integer> {

    private final Services services;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "Unroot's configuration file.")
    @Nullable
    Path config;

    @Option(
            names = "--standalone",
            description =
                    "Without a cluster: on 127.0.0.1, with a certificate made in memory, namespaces and modes from"
                            + " the configuration; without one, nonroot is enforced.")
    boolean standalone;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Read images from this OCI layout or tar instead of registries.")
    @Nullable
    Path images;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the webhook, HTTPS; 0 for any free one. Default: 8443.")
    int port = 8443;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            description = "Port of /healthz, /readyz and /metrics, plain HTTP; 0 for any free one. Default: 8080.")
    int managementPort = 8080;

    @Option(
            names = "--write-ca",
            paramLabel = "FILE",
            description = "With --standalone: write the CA of its certificate here, for clients to trust.")
    @Nullable
    Path writeCa;

    ServeCommand(Services services) {
        this.services = services;
    }

    @Override
    public Integer call() throws UsageException {
        check(port >= 0 && port <= HostAndPort.HIGHEST_PORT, "--port must be between 0 and 65535, not " + port);
        check(
                managementPort >= 0 && managementPort <= HostAndPort.HIGHEST_PORT,
                "--management-port must be between 0 and 65535, not " + managementPort);
        check(port != managementPort || port == 0, "--port and --management-port must differ");
        check(writeCa == null || standalone, "--write-ca needs --standalone: only then is there a CA to write");
        return services.serve(new ServeOptions(config, standalone, images, port, managementPort, writeCa));
    }

    private void check(boolean right, String otherwise) {
        if (!right && spec != null) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
