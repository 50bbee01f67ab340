package dev.unroot.registry.http;

import dev.unroot.model.ConfiguredFile;
import dev.unroot.registry.place.ClientCertificate;
import dev.unroot.registry.place.HostTls;
import io.vertx.core.net.ClientSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one host's files say of TLS, made anew when they change: CAs and certificates are rotated while Unroot runs. Files
 * that have become unusable change nothing, and the log says so; a certificate and its key are two files, and between the two
 * writes they do not fit.
 */
final class TlsFiles {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

    private final HostTls tls;
    private Made made;

    /** @param state of the files just before they were read */
    private record Made(String state, ClientSSLOptions options) {}

    /** @throws IllegalArgumentException where a file cannot be used: a mistake in the configuration, not in a pod */
    TlsFiles(HostTls tls) {
        this.tls = tls;
        this.made = new Made(state(), read());
    }

    /** The same object until a file changes: connections are kept by it. */
    synchronized ClientSSLOptions options() {
        String state = state();
        if (!state.equals(made.state())) {
            try {
                made = new Made(state, read());
                LOG.info("read again, since they have changed: {}", tls.files());
            } catch (IllegalArgumentException e) {
                LOG.warn("{}: what was read before stays in force", e.getMessage());
                made = new Made(state, made.options());
            }
        }
        return made.options();
    }

    private ClientSSLOptions read() {
        ConfiguredFile caFile = tls.caFile();
        ClientSSLOptions options = Trust.believing(caFile == null ? CaFile.standard() : CaFile.read(caFile));
        ClientCertificate certificate = tls.clientCertificate();
        if (certificate != null) {
            options.setKeyCertOptions(certificate.read());
        }
        return options;
    }

    /** Changes whenever a file does: Kubernetes puts another one in the place of a mounted one. */
    private String state() {
        StringBuilder state = new StringBuilder();
        for (Path file : tls.files()) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                state.append(attributes.lastModifiedTime())
                        .append(' ')
                        .append(attributes.size())
                        .append(' ')
                        .append(attributes.fileKey())
                        .append('\n');
            } catch (IOException e) {
                state.append("unreadable\n");
            }
        }
        return state.toString();
    }
}
