package dev.unroot.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.unroot.certificate.CaBundle;
import dev.unroot.certificate.CertifiedKey;
import dev.unroot.certificate.PemFiles;
import dev.unroot.certificate.SelfSigned;
import dev.unroot.certificate.ServiceName;
import dev.unroot.cluster.OwnNamespace;
import dev.unroot.command.UsageException;
import dev.unroot.common.Text;
import dev.unroot.configuration.Configuration.Called;
import dev.unroot.configuration.Configuration.Certificates;
import dev.unroot.configuration.Configuration.Clients;
import dev.unroot.configuration.Configuration.ServedFiles;
import dev.unroot.model.ConfiguredFile;
import dev.unroot.webhook.ClientCheck;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
     * @throws IOException with a line for each file that cannot be used, and where it is named
     * @throws UsageException where something is missing
     */
    static CertificateWiring read(Certificates certificates, boolean standalone) throws IOException, UsageException {
        ServedFiles files = certificates.files();
        if (!standalone && files == null && certificates.secret() == null) {
            throw new UsageException("serve needs a certificate that the API server trusts: in the configuration set"
                    + " certificates.secret, service and webhookConfiguration, or certificates.certFile and keyFile;"
                    + " or run it with --standalone");
        }
        Clients asked = certificates.clients();
        List<String> problems = new ArrayList<>();
        CertifiedKey written = files == null ? null : pair(files, problems);
        if (certificates.caFile() != null) {
            bundle(certificates.caFile(), problems);
        }
        CaBundle callers = asked == null ? null : bundle(asked.caFile(), problems);
        if (!problems.isEmpty()) {
            throw new IOException(String.join("\n", problems));
        }
        SelfSigned made = written == null ? SelfSigned.create(List.of(), Clock.systemUTC()) : null;
        CertifiedKey first = made == null ? Objects.requireNonNull(written) : made.certificate();
        String caPem = made != null && standalone ? made.caPem() : null;
        Called called = standalone ? null : certificates.called();
        return new CertificateWiring(
                certificates,
                first,
                caPem,
                called == null
                        ? null
                        : new ServiceName(namespace(called.namespace(), "certificates"), called.service()),
                asked == null || callers == null ? null : new ClientCheck(callers, asked.names()));
    }

    private static @Nullable CertifiedKey pair(ServedFiles files, List<String> problems) {
        try {
            return files.pem().read(Clock.systemUTC());
        } catch (IOException e) {
            // It begins with the file that it is about.
            String what = Text.why(e);
            ConfiguredFile at = what.startsWith(files.keyFile() + " ") ? files.keyFile() : files.certFile();
            problems.add(at.where() + ": " + what);
            return null;
        }
    }

    private static @Nullable CaBundle bundle(ConfiguredFile file, List<String> problems) {
        try {
            return PemFiles.readBundle(file.path());
        } catch (IOException e) {
            problems.add(file.where() + ": " + e.getMessage());
            return null;
        }
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
        ConfiguredFile file = certificates.caFile();
        if (file != null) {
            return PemFiles.readBundle(file.path());
        }
        return caPem == null ? null : CaBundle.parse(caPem.getBytes(US_ASCII));
    }
}
