package dev.unroot.registry.http;

import dev.unroot.certificate.PemFiles;
import dev.unroot.model.ConfiguredFile;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Reads a bundle of certificates that are believed besides the JDK's own. */
final class CaFile {
    private CaFile() {}

    /** @throws IllegalArgumentException with a sentence that names file and place in the configuration */
    static TrustManagerFactory read(ConfiguredFile file) {
        try {
            List<X509Certificate> believed =
                    new ArrayList<>(PemFiles.readBundle(file.path()).certificates());
            believed.addAll(standardIssuers());
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate certificate : believed) {
                store.setCertificateEntry("issuer-" + store.size(), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (IOException e) {
            throw new IllegalArgumentException(file.where() + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks X.509", e);
        }
    }

    /** The JDK's own list. */
    static TrustManagerFactory standard() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks X.509", e);
        }
    }

    private static List<X509Certificate> standardIssuers() {
        for (TrustManager manager : standard().getTrustManagers()) {
            if (manager instanceof X509TrustManager standard) {
                return List.of(standard.getAcceptedIssuers());
            }
        }
        return List.of();
    }
}
