package dev.unroot.certificate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.configuration.ConfigurationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of certificates that cannot be used are all told, each with the line that names it. */
class CertificateSourcesTest {
    @TempDir
    private Path folder;

    private CertificateSources read(String keys) throws Exception {
        return CertificateSources.read(
                ConfigurationFile.parse(
                                "apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\ncertificates:\n" + keys,
                                "unroot.yaml")
                        .certificates(),
                true,
                null);
    }

    @Test
    void everyFileThatIsMissingIsToldWithItsLine() {
        assertThatThrownBy(() -> read("  certFile: /none/tls.crt\n  keyFile: /none/tls.key\n  caFile: /none/ca.crt\n"
                        + "  clientCaFile: /none/clients.crt\n"))
                .isInstanceOf(IOException.class)
                .hasMessage("unroot.yaml:4: certificates.certFile: /none/tls.crt does not exist\n"
                        + "unroot.yaml:6: certificates.caFile: /none/ca.crt does not exist\n"
                        + "unroot.yaml:7: certificates.clientCaFile: /none/clients.crt does not exist");
    }

    @Test
    void aKeyThatIsMissingIsToldWithItsOwnLine() throws IOException {
        Path chain = Files.writeString(
                folder.resolve("tls.crt"),
                SelfSigned.create(List.of(), Clock.systemUTC()).certificate().chainPem());
        assertThatThrownBy(() -> read("  certFile: " + chain + "\n  keyFile: /none/tls.key\n"))
                .hasMessage("unroot.yaml:5: certificates.keyFile: /none/tls.key does not exist");
    }
}
