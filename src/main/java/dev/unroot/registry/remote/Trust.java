package dev.unroot.registry.remote;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates are believed: the JDK's list, and for a host with a {@code caFile} those in it too. */
final class Trust {
    private final ClientSSLOptions standard = options();
    private final Map<Path, ClientSSLOptions> byFile = new HashMap<>();

    /** Reads every file now: one that cannot be read is a mistake in the configuration, not in a pod. */
    Trust(List<RegistryOptions> configured) {
        for (RegistryOptions options : configured) {
            Path file = options.caFile();
            if (file != null) {
                byFile.computeIfAbsent(file, Trust::withFile);
            }
        }
    }

    ClientSSLOptions of(RegistryOptions options) {
        @Nullable Path file = options.caFile();
        return file == null ? standard : byFile.getOrDefault(file, standard);
    }

    private static ClientSSLOptions withFile(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> added =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (added.isEmpty()) {
                throw new IllegalArgumentException("caFile " + file + " holds no certificate");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int entry = 0;
            for (Certificate certificate : added) {
                store.setCertificateEntry("added-" + entry++, certificate);
            }
            for (X509Certificate certificate : standardIssuers()) {
                store.setCertificateEntry("standard-" + entry++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return options().setTrustOptions(TrustOptions.wrap(factory));
        } catch (IOException e) {
            throw new IllegalArgumentException("caFile " + file + " cannot be read: " + e.getMessage(), e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("caFile " + file + " does not hold PEM certificates", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks X.509", e);
        }
    }

    private static X509Certificate[] standardIssuers() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager standard) {
                return standard.getAcceptedIssuers();
            }
        }
        return new X509Certificate[0];
    }

    private static ClientSSLOptions options() {
        return new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS");
    }
}
