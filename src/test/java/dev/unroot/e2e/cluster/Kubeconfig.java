package dev.unroot.e2e.cluster;

import dev.unroot.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Writes kubeconfig files for one API server. */
record Kubeconfig(String server, String authority) {

    /** For somebody who shows a client certificate. */
    Path write(Path file, TestAuthority.Issued certificate) throws IOException {
        return writeFor(
                file,
                "client-certificate-data: %s, client-key-data: %s"
                        .formatted(base64(certificate.certificate()), base64(certificate.key())));
    }

    /** For somebody who shows a bearer token. */
    Path write(Path file, String token) throws IOException {
        return writeFor(file, "token: " + token);
    }

    private Path writeFor(Path file, String user) throws IOException {
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                current-context: test
                contexts: [{name: test, context: {cluster: test, user: test}}]
                clusters: [{name: test, cluster: {server: "%s", certificate-authority-data: %s}}]
                users: [{name: test, user: {%s}}]
                """.formatted(server, base64(authority), user));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
