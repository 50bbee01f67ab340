package dev.unroot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.unroot.Configuration.Called;
import dev.unroot.Configuration.Certificates;
import dev.unroot.Configuration.Clients;
import dev.unroot.certificate.CaBundle;
import dev.unroot.certificate.CertifiedKey;
import dev.unroot.certificate.PemFiles;
import dev.unroot.certificate.SelfSigned;
import dev.unroot.certificate.ServiceName;
import dev.unroot.cluster.OwnNamespace;
import dev.unroot.command.UsageException;
import dev.unroot.webhook.ClientCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code serve} shows at its start, and who may call: all of {@code certificates} that has to be right before
 * anything runs. {@link CertificateUpkeep} goes on from here.
 *
 * @param first to begin with. Where Unroot looks after the certificate itself, one that nobody trusts, and serve is unready
 * @param caPem the CA of a certificate made in memory for standalone mode; null otherwise
 * @param service that API servers call; null where it is not known
 * @param clients null where everybody may call
 */
record CertificateWiring(
        Certificates certificates,
        CertifiedKey first,
        @Nullable String caPem,
        @Nullable ServiceName service,
        @Nullable ClientCheck clients) {

    /**
     * Reads the files.
     *
     * @param standalone without a cluster: nobody to ask, and a certificate in memory where there are no files
     * @throws IOException with a sentence, for a file that cannot be used
     * @throws UsageException where something is missing
     */
    static CertificateWiring read(Certificates certificates, boolean standalone) throws IOException, UsageException {
        PemFiles files = certificates.files();
        if (!standalone && files == null && certificates.secret() == null) {
            throw new UsageException("serve needs a certificate that the API server trusts: in the configuration set"
                    + " certificates.secret, service and webhookConfiguration, or certificates.certFile and keyFile;"
                    + " or run it with --standalone");
        }
        CertifiedKey first;
        String caPem = null;
        if (files != null) {
            first = files.read(Clock.systemUTC());
        } else {
            SelfSigned made = SelfSigned.create(List.of(), Clock.systemUTC());
            first = made.certificate();
            caPem = standalone ? made.caPem() : null;
        }
        if (certificates.caFile() != null) {
            PemFiles.readBundle(certificates.caFile());
        }
        Called called = standalone ? null : certificates.called();
        Clients asked = certificates.clients();
        return new CertificateWiring(
                certificates,
                first,
                caPem,
                called == null
                        ? null
                        : new ServiceName(namespace(called.namespace(), "certificates"), called.service()),
                asked == null ? null : new ClientCheck(PemFiles.readBundle(asked.caFile()), asked.names()));
    }

    /** The written one, else the pod's own. */
    static String namespace(@Nullable String written, String section) throws UsageException {
        if (written != null) {
            return written;
        }
        return OwnNamespace.find()
                .orElseThrow(() -> new UsageException(
                        section + ".namespace is not set, and this is no pod, which would" + " know its own: set it"));
    }

    /** What the certificate is verified against besides the {@code caBundle}; null where nothing is known. */
    @Nullable
    CaBundle bundle() throws IOException {
        Path file = certificates.caFile();
        if (file != null) {
            return PemFiles.readBundle(file);
        }
        return caPem == null ? null : CaBundle.parse(caPem.getBytes(US_ASCII));
    }
}
