package dev.unroot.certificate;

import dev.unroot.common.FileDescriptors;
import dev.unroot.common.Threads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the server for its certificate, over TLS as an API server does, and verifies it against what API servers trust: at
 * once after a change, every second until all is well, and then every ten seconds. Tells whoever asks for its problem, and a listener.
 */
public final class CertificateProbe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateProbe.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration PAUSE_UNREADY = Duration.ofSeconds(1);
    private static final int PATIENCE_MILLISECONDS = 5_000;
    /** In a row, before a server that has answered counts as one that does not. */
    private static final int FAILURES = 3;

    /** What the certificate is verified against. */
    public interface Trust {
        /** Why an API server would not take this chain, the server's own certificate first; null where it would. */
        @Nullable
        String problem(List<X509Certificate> chain, Instant now);
    }

    private final int port;
    private final @Nullable String host;
    private final @Nullable Trust trust;
    private final CertificateListener listener;
    private final Clock clock;
    private final SSLContext tls;
    private final ScheduledThreadPoolExecutor thread;
    private volatile @Nullable String problem = "has not been verified yet";
    /** Of the one thread. */
    private @Nullable String told;

    private int failures;

    /**
     * Begins, and returns at once.
     *
     * @param port of the admission server, which is asked on loopback
     * @param host that API servers call it by; null where it is not known
     * @param trust null where nothing is known that could verify it; then only its time is looked at
     */
    public static CertificateProbe start(
            int port, @Nullable String host, @Nullable Trust trust, CertificateListener listener, Clock clock) {
        CertificateProbe probe = new CertificateProbe(port, host, trust, listener, clock);
        probe.thread.execute(probe::turn);
        return probe;
    }

    private CertificateProbe(
            int port, @Nullable String host, @Nullable Trust trust, CertificateListener listener, Clock clock) {
        this.port = port;
        this.host = host;
        this.trust = trust;
        this.listener = listener;
        this.clock = clock;
        try {
            this.tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {new HandshakeObserver()}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
        this.thread = new ScheduledThreadPoolExecutor(1, Threads.factory("unroot-certificate-probe"));
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** What is wrong with it, in a few words; null where nothing is. */
    public @Nullable String problem() {
        return problem;
    }

    /** Looks at once: another certificate is shown, or something else is trusted. */
    public void changed() {
        try {
            thread.execute(this::look);
        } catch (RejectedExecutionException closed) {
            LOG.debug("closed");
        }
    }

    /** Whatever becomes of a look, there is another. */
    private void turn() {
        try {
            look();
        } finally {
            lookAgain();
        }
    }

    private void lookAgain() {
        try {
            Duration pause = problem == null && failures == 0 ? PAUSE : PAUSE_UNREADY;
            Future<?> unused = thread.schedule(this::turn, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("closed");
        }
    }

    private void look() {
        String found;
        try {
            List<X509Certificate> chain = served();
            failures = 0;
            Instant now = clock.instant();
            listener.served(chain.get(0).getNotAfter().toInstant());
            if (trust != null) {
                found = trust.problem(chain, now);
                listener.verified(found == null);
            } else {
                found = expiry(chain.get(0), now);
            }
        } catch (IOException e) {
            found = unanswered(e);
        } catch (RuntimeException e) {
            found = "could not be verified (" + e.getClass().getSimpleName() + ")";
            LOG.error("the certificate could not be verified", e);
        }
        problem = found;
        if (!Objects.equals(found, told)) {
            told = found;
            if (found == null) {
                LOG.info("the certificate that is served is the one that is trusted");
            } else {
                LOG.warn("the certificate that is served: {}", found);
            }
        }
    }

    /** A crowd at the door may keep it out for once; that is no reason to send all others to another replica. */
    private @Nullable String unanswered(IOException failure) {
        failures++;
        if (problem == null && failures < FAILURES) {
            return null;
        }
        return FileDescriptors.exhausted(failure)
                ? "cannot be asked for: this process has all " + FileDescriptors.limit()
                        + " files open that it may (ulimit -n)"
                : "the server does not answer on its own port ("
                        + failure.getClass().getSimpleName() + ")";
    }

    private static @Nullable String expiry(X509Certificate certificate, Instant now) {
        Instant end = certificate.getNotAfter().toInstant();
        return now.isAfter(end) ? "the certificate expired at " + end : null;
    }

    private List<X509Certificate> served() throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLISECONDS);
            plain.setSoTimeout(PATIENCE_MILLISECONDS);
            String name = host == null ? "localhost" : host;
            try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, name, port, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                // In 1.3 the server shows its certificate before it asks for ours, which we do not have.
                parameters.setProtocols(new String[] {"TLSv1.3"});
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                Certificate[] chain = socket.getSession().getPeerCertificates();
                return Stream.of(chain).map(X509Certificate.class::cast).toList();
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
