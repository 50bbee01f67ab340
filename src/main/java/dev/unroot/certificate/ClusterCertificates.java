package dev.unroot.certificate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Port: what of the certificate is with the API server. What it does not give or take is an {@link ApiServerException}. */
public interface ClusterCertificates {
    /** Where a self-managed certificate is kept. */
    CertificateStore secret(String namespace, String name);

    /** @param service only webhooks that call it are looked at */
    CaBundleStore caBundles(String webhookConfiguration, ServiceName service);

    /** Whether the API server's clock is known, which certificates are verified by. */
    boolean isClockKnown();

    /**
     * Why nothing is to be made by our own clock.
     *
     * @return half a sentence that stays the same; null where the clock is right, or not known to be wrong
     */
    @Nullable
    String clockProblem(Instant own);

    /** A Secret that exists. Its text names it for messages. */
    interface CertificateStore {
        Held read();

        /**
         * Writes the content beside whatever else the Secret holds, and only if nobody else wrote since it was read.
         *
         * @return false where somebody did
         */
        boolean write(Held seen, SecretContent content);

        /** As read; whoever writes gives it back. */
        interface Held {
            SecretContent content();
        }
    }

    /** A ValidatingWebhookConfiguration. Its text names it for messages. */
    interface CaBundleStore {
        ServiceName service();

        WebhookCaBundles read();

        /**
         * Writes the bundle where it is another, and only if nobody else wrote meanwhile.
         *
         * @return false where somebody did
         */
        boolean write(WebhookCaBundles seen, CaBundle wanted);
    }
}
