package dev.unroot.registry.place;

import dev.unroot.model.ConfiguredFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken with one host.
 *
 * @param caFile PEM certificates trusted in addition to the default ones; null for none
 * @param clientCertificate shown where the host asks for one; null for none
 */
public record HostTls(
        @Nullable ConfiguredFile caFile, @Nullable ClientCertificate clientCertificate) {
    public static final HostTls STANDARD = new HostTls(null, null);

    /** Those that are read; what is made of them holds as long as these stay as they are. */
    public List<Path> files() {
        List<Path> files = new ArrayList<>(3);
        if (caFile != null) {
            files.add(caFile.path());
        }
        if (clientCertificate != null) {
            files.add(clientCertificate.certFile().path());
            files.add(clientCertificate.keyFile().path());
        }
        return files;
    }
}
