package dev.unroot.certificate;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** Is told what is found out about the certificate; for metrics. Called on any thread, and must not block. */
public interface CertificateListener {
    /** When the certificate that was seen on the port stops being good. */
    void served(Instant notAfter);

    /** Whether what API servers trust verifies it. */
    void verified(boolean itDoes);

    /** Where the age of what is known of the {@code caBundle} is to be had; cheap. */
    void caBundleAge(Supplier<Duration> source);
}
