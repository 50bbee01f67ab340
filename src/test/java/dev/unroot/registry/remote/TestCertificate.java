package dev.unroot.registry.remote;

import dev.unroot.TestAuthority;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A registry's certificate for one DNS name, and the authority that signed it. */
public final class TestCertificate {
    private final TestAuthority authority = new TestAuthority("test authority");
    private final TestAuthority.Issued issued;

    private TestCertificate(String dnsName) {
        this.issued = authority.server(dnsName);
    }

    public static TestCertificate of(String dnsName) {
        return new TestCertificate(dnsName);
    }

    PemKeyCertOptions serverOptions() {
        return new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(issued.certificate()))
                .addKeyValue(Buffer.buffer(issued.key()));
    }

    String authorityPem() {
        return authority.certificate();
    }

    /** Writes the authority where a {@code caFile} may point. */
    public Path authorityIn(Path folder) {
        try {
            return Files.writeString(folder.resolve("ca.pem"), authority.certificate());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
