package dev.unroot.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.unroot.certificate.CertificateOptions.Clients;
import dev.unroot.certificate.CertificateOptions.ServedFiles;
import dev.unroot.common.Text;
import dev.unroot.model.ConfiguredFile;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a server shows at its start, and who may call: all of {@code certificates} that has to be right before
 * anything runs. {@link ServingCertificate} goes on from here.
 *
 * @param first to begin with. Where Unroot looks after the certificate itself, one that nobody trusts, and serve is unready
 * @param caPem the CA of a certificate made in memory for standalone mode; null otherwise
 * @param service that API servers call; null where it is not known
 * @param clients null where everybody may call
 */
public record CertificateSources(
        CertificateOptions options,
        CertifiedKey first,
        @Nullable String caPem,
        @Nullable ServiceName service,
        @Nullable ClientCheck clients) {

    /**
     * Reads the files.
     *
     * @param standalone without a cluster: nobody to ask, and a certificate in memory where there are no files
     * @param service that API servers call; null where it is not known
     * @throws IOException with a line for each file that cannot be used, and where it is named
     */
    public static CertificateSources read(CertificateOptions options, boolean standalone, @Nullable ServiceName service)
            throws IOException {
        ServedFiles files = options.files();
        Clients asked = options.clients();
        List<String> problems = new ArrayList<>();
        CertifiedKey written = files == null ? null : pair(files, problems);
        if (options.caFile() != null) {
            bundle(options.caFile(), problems);
        }
        CaBundle callers = asked == null ? null : bundle(asked.caFile(), problems);
        if (!problems.isEmpty()) {
            throw new IOException(String.join("\n", problems));
        }
        SelfSigned made = written == null ? SelfSigned.create(List.of(), Clock.systemUTC()) : null;
        CertifiedKey first = made == null ? Objects.requireNonNull(written) : made.certificate();
        String caPem = made != null && standalone ? made.caPem() : null;
        return new CertificateSources(
                options,
                first,
                caPem,
                service,
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

    /** What the certificate is verified against besides the {@code caBundle}; null where nothing is known. */
    @Nullable
    CaBundle bundle() throws IOException {
        ConfiguredFile file = options.caFile();
        if (file != null) {
            return PemFiles.readBundle(file.path());
        }
        return caPem == null ? null : CaBundle.parse(caPem.getBytes(US_ASCII));
    }
}
