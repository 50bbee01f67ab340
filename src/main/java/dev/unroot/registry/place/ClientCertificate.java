package dev.unroot.registry.place;

import dev.unroot.certificate.CertifiedKey;
import dev.unroot.certificate.PemFiles;
import dev.unroot.common.Text;
import dev.unroot.model.ConfiguredFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * The certificate by which Unroot says to a host who it is, as PEM files.
 *
 * @param certFile the certificate, followed by its chain
 * @param keyFile its private key
 */
public record ClientCertificate(ConfiguredFile certFile, ConfiguredFile keyFile) {
    /** By which nothing has expired: whether to believe such a one is the host's affair, and no reason not to start. */
    private static final Clock BEFORE_ALL = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    /** @throws IllegalArgumentException with a sentence that names file and place in the configuration */
    public PemKeyCertOptions read() {
        try {
            CertifiedKey pair = new PemFiles(certFile.path(), keyFile.path()).read(BEFORE_ALL);
            return new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(pair.chainPem()))
                    .addKeyValue(Buffer.buffer(pair.keyPem()));
        } catch (IOException e) {
            String what = Text.why(e);
            ConfiguredFile at = what.startsWith(keyFile.toString()) ? keyFile : certFile;
            throw new IllegalArgumentException(at.where() + ": " + what, e);
        }
    }
}
