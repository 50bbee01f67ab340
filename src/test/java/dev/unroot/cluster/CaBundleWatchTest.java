package dev.unroot.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.TestAuthority;
import dev.unroot.certificate.CaBundle;
import dev.unroot.certificate.CaBundleWatch;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A {@code caBundle} that others write, and what Unroot makes of it where its certificate comes from files. */
@Timeout(300)
class CaBundleWatchTest {
    private static final String NAME = "ValidatingWebhookConfiguration unroot.dev";
    private static final int FIRST = 0;
    private static final int LAST = 2;

    private final CertificateFixture cluster = new CertificateFixture();
    private final TestAuthority ours = new TestAuthority("ours");
    private final TestAuthority another = new TestAuthority("ours");
    private final List<X509Certificate> served = CaBundle.parse(
                    ours.server(CertificateFixture.SERVICE.host()).certificate().getBytes(US_ASCII))
            .certificates();
    private final ClusterConnection connection = cluster.server.connect();
    private final CaBundleWatch watch = new CaBundleWatch(
            connection, CertificateFixture.CONFIGURATION, CertificateFixture.SERVICE, Clock.systemUTC());

    @AfterEach
    void close() {
        watch.close();
        connection.close();
        cluster.close();
    }

    private void trust(TestAuthority authority) {
        cluster.overwriteBundle(FIRST, authority.certificate());
        cluster.overwriteBundle(LAST, authority.certificate());
    }

    /** What `/readyz` says once it has looked; null where nothing is missing. */
    private @Nullable String problem() {
        watch.look();
        return watch.live().problem(served, Instant.now());
    }

    @Test
    void isWellWhileEveryBundleVerifiesWhatIsServed() {
        trust(ours);
        assertThat(problem()).isNull();
        cluster.overwriteBundle(FIRST, another.certificate() + ours.certificate());
        assertThat(problem()).as("with another one beside it").isNull();
    }

    @Test
    void anotherCaIsToldUntilItIsMended() {
        trust(ours);
        assertThat(problem()).isNull();
        cluster.overwriteBundle(LAST, another.certificate());
        assertThat(problem())
                .isEqualTo(NAME + ": by the caBundle of webhook workloads.unroot.dev,"
                        + " the certificate was not signed by a CA that is trusted");
        trust(ours);
        assertThat(problem()).isNull();
    }

    @Test
    void anEmptyOneIsToldUntilItIsMended() {
        assertThat(problem()).isEqualTo(NAME + ": webhook pods.unroot.dev has no caBundle, or none that can be read");
        trust(ours);
        assertThat(problem()).isNull();
        cluster.overwriteBundle(FIRST, "");
        assertThat(problem()).contains("webhook pods.unroot.dev has no caBundle");
        cluster.overwriteBundle(FIRST, "no certificate");
        assertThat(problem()).contains("webhook pods.unroot.dev has no caBundle, or none that can be read");
        trust(ours);
        assertThat(problem()).isNull();
    }

    @Test
    void aConfigurationThatIsNotInstalledYetIsWaitedFor() {
        trust(ours);
        ValidatingWebhookConfiguration installed = cluster.configuration();
        cluster.server.delete(installed);
        assertThat(watch.live().problem(served, Instant.now())).isEqualTo(NAME + " has not been read yet");
        assertThat(problem())
                .isEqualTo(NAME + " does not exist: install it, or mend certificates.webhookConfiguration");
        installed.getMetadata().setResourceVersion(null);
        cluster.server.write(installed);
        assertThat(problem()).isNull();
    }

    /** Nobody calls then, and who installs it again finds a webhook that is ready. */
    @Test
    void aConfigurationThatIsTakenAwayLeavesWhatWasKnown() {
        trust(ours);
        assertThat(problem()).isNull();
        cluster.server.delete(cluster.configuration());
        assertThat(problem()).isNull();
    }

    @Test
    void withoutTheApiServerWhatWasLastReadStaysAndItsAgeIsTold() {
        trust(ours);
        assertThat(problem()).isNull();
        cluster.server.stop();
        Duration before = watch.live().age();
        assertThat(problem()).isNull();
        assertThat(watch.live().age()).as("it was not read again").isGreaterThan(before);

        cluster.server.start();
        long look = System.nanoTime();
        assertThat(problem()).isNull();
        assertThat(watch.live().age()).as("since this look").isLessThan(Duration.ofNanos(System.nanoTime() - look));
    }

    /** A bundle that was known to be bad is not forgiven for the API server's absence. */
    @Test
    void withoutTheApiServerWhatWasWrongStaysWrong() {
        trust(another);
        String wrong = problem();
        assertThat(wrong).contains("not signed by a CA that is trusted");
        cluster.server.stop();
        assertThat(problem()).isEqualTo(wrong);
        cluster.server.start();
    }

    @Test
    void beginsByItself() throws Exception {
        trust(ours);
        try (CaBundleWatch started = CaBundleWatch.start(
                connection, CertificateFixture.CONFIGURATION, CertificateFixture.SERVICE, Clock.systemUTC())) {
            while (started.live().problem(served, Instant.now()) != null) {
                Thread.sleep(20);
            }
            cluster.overwriteBundle(FIRST, another.certificate());
            while (started.live().problem(served, Instant.now()) == null) {
                Thread.sleep(20);
            }
        }
    }
}
