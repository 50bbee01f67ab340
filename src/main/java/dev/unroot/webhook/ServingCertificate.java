package dev.unroot.webhook;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** What the server shows: a certificate, those that lead from it to its CA, and its key. Not a record, lest it be printed. */
public final class ServingCertificate {
    private final List<X509Certificate> chain;
    private final PrivateKey key;

    /** @param chain the server's own first; never empty */
    public ServingCertificate(List<X509Certificate> chain, PrivateKey key) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain begins with the server's own certificate");
        }
        this.chain = List.copyOf(chain);
        this.key = key;
    }

    /** The server's own. */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /** In memory: with bytes, unlike with paths, changed certificates make unequal options, which the server then takes. */
    KeyCertOptions options() {
        StringBuilder certificates = new StringBuilder();
        chain.forEach(certificate -> certificates.append(pem(certificate)));
        return new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(certificates.toString()))
                .addKeyValue(Buffer.buffer(keyPem()));
    }

    private String keyPem() {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject("PRIVATE KEY", key.getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static String pem(X509Certificate certificate) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
