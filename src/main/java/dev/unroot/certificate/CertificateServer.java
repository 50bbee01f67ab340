package dev.unroot.certificate;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Port: the server that shows the certificate. */
public interface CertificateServer {
    /** Where it listens; it is asked there on loopback. */
    int port();

    /**
     * Shows another certificate from the next connection on; open connections stay.
     *
     * @param clients whom it lets in from then on; null for everybody
     */
    CompletionStage<Void> show(CertifiedKey certificate, @Nullable ClientCheck clients);
}
