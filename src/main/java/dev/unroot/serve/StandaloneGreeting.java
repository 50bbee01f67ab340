package dev.unroot.serve;

import dev.unroot.command.ServeOptions;
import dev.unroot.configuration.Configuration;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code serve --standalone} tells the person who started it: where it is, and lines to try it with. */
record StandaloneGreeting(ServeOptions options, Configuration configuration, int port, int managementPort) {
    private static final Path EXAMPLE = Path.of("manifests/reviews/denied.json");

    void print(PrintStream out) {
        String url = "https://127.0.0.1:" + port + "/validate";
        String management = "http://127.0.0.1:" + managementPort;
        out.println("Unroot enforces "
                + configuration
                        .review()
                        .defaults()
                        .atLeast(configuration.review().floor())
                        .enforce()
                        .label()
                + " where no namespace is configured otherwise. Stop it with Ctrl-C.");
        out.println();
        out.println("  curl -s " + trust() + " -H 'Content-Type: application/json' -d @" + review() + " " + url);
        out.println("  curl -s " + management + "/readyz");
        out.println("  curl -s " + management + "/metrics");
        out.println();
        out.flush();
    }

    private String trust() {
        Path ca = options.writeCa();
        if (ca != null) {
            return "--cacert " + ca;
        }
        // Without the CA in a file there is nothing to verify with.
        return "--insecure";
    }

    private static String review() {
        return Files.exists(EXAMPLE) ? EXAMPLE.toString() : "review.json";
    }
}
