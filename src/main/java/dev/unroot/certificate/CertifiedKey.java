package dev.unroot.certificate;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * A key and its certificate, followed by those that lead from it to its CA: what a server shows, or what a CA signs with.
 * Not a record, lest it be printed.
 */
public final class CertifiedKey {
    private final List<X509Certificate> chain;
    private final PrivateKey key;

    /** @param chain the key's own certificate first; never empty */
    public CertifiedKey(List<X509Certificate> chain, PrivateKey key) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain begins with the key's own certificate");
        }
        this.chain = List.copyOf(chain);
        this.key = key;
    }

    /**
     * Reads PEM text.
     *
     * @param chainSource where the chain comes from: begins the sentences about it
     * @param keySource likewise for the key, in PKCS#8, PKCS#1 or SEC 1
     * @throws IOException with a sentence, where either cannot be read or used, or they do not belong together
     */
    public static CertifiedKey parse(String chainSource, String chain, String keySource, String key)
            throws IOException {
        return Pem.pair(new Pem(chainSource, chain), new Pem(keySource, key));
    }

    public List<X509Certificate> chain() {
        return chain;
    }

    /** The key's own. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    public Instant notAfter() {
        return certificate().getNotAfter().toInstant();
    }

    PrivateKey key() {
        return key;
    }

    /** The whole chain. */
    public String chainPem() {
        StringBuilder text = new StringBuilder();
        chain.forEach(certificate -> text.append(CaBundle.pem(certificate)));
        return text.toString();
    }

    /** PKCS#8. For the server's own use and for the Secret; it must not go anywhere else. */
    public String keyPem() {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject("PRIVATE KEY", key.getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Same certificates; then the key is the same too. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CertifiedKey pair && chain.equals(pair.chain);
    }

    @Override
    public int hashCode() {
        return chain.hashCode();
    }

    /** Names, and not the key. */
    @Override
    public String toString() {
        return certificate().getSubjectX500Principal().getName() + " until " + notAfter();
    }
}
