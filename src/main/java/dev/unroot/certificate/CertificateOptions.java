package dev.unroot.certificate;

import dev.unroot.model.ConfiguredFile;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The webhook's certificate: of files, or kept in a Secret; neither: standalone mode makes one in memory.
 *
 * @param files null where it does not come from files
 * @param caFile CAs that verify the files' certificate; null where only the {@code caBundle} can say
 * @param secret where Unroot keeps the certificate that it looks after itself; null where it does not
 * @param lifetimes of what it makes
 * @param called how API servers come to call it; null where it need not know; never where there is a secret
 * @param clients who may call; null: everybody
 */
public record CertificateOptions(
        @Nullable ServedFiles files,
        @Nullable ConfiguredFile caFile,
        @Nullable String secret,
        Lifetimes lifetimes,
        @Nullable Called called,
        @Nullable Clients clients) {
    public static final CertificateOptions NONE =
            new CertificateOptions(null, null, null, Lifetimes.DEFAULT, null, null);

    /**
     * A certificate that others renew.
     *
     * @param certFile it and its chain
     * @param keyFile its key
     */
    public record ServedFiles(ConfiguredFile certFile, ConfiguredFile keyFile) {
        public PemFiles pem() {
            return new PemFiles(certFile.path(), keyFile.path());
        }
    }

    /**
     * A Service, and the ValidatingWebhookConfiguration that names it.
     *
     * @param namespace of the Service and the Secret; null: the pod's own
     */
    public record Called(
            String webhookConfiguration,
            String service,
            @Nullable String namespace) {}

    /** Client certificates asked for. @param names common names; empty: any */
    public record Clients(ConfiguredFile caFile, Set<String> names) {}
}
