package dev.unroot.configuration;

import dev.unroot.certificate.CertificateOptions;
import dev.unroot.certificate.CertificateOptions.Called;
import dev.unroot.certificate.CertificateOptions.Clients;
import dev.unroot.certificate.CertificateOptions.ServedFiles;
import dev.unroot.certificate.Lifetimes;
import dev.unroot.model.ConfiguredFile;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code certificates} of the configuration file. */
final class CertificatesSection {
    private final Section section;
    private final Problems problems;

    private CertificatesSection(Section section, Problems problems) {
        this.section = section;
        this.problems = problems;
    }

    static CertificateOptions read(Section section, Problems problems) {
        return new CertificatesSection(section, problems).read();
    }

    private CertificateOptions read() {
        ServedFiles files = files();
        ConfiguredFile caFile = ConfigurationValue.file(section, "caFile");
        String secret = section.optional("secret", NameValue::object);
        Called called = called(secret != null);
        Lifetimes lifetimes = lifetimes(secret);
        Clients clients = clients();
        section.end();
        if (secret != null && files != null) {
            wrong(" has both secret and certFile: with secret Unroot makes the certificate itself, so remove one");
        }
        if (caFile != null && files == null) {
            wrong(".caFile verifies the certificate of certFile and keyFile, which are not set");
        }
        if (called != null && secret == null && files == null) {
            wrong(" needs a secret, or certFile and keyFile, beside service and webhookConfiguration");
        }
        return new CertificateOptions(files, caFile, secret, lifetimes, called, clients);
    }

    private void wrong(String what) {
        problems.add(section.line(), "certificates" + what);
    }

    private @Nullable ServedFiles files() {
        ConfiguredFile certFile = ConfigurationValue.file(section, "certFile");
        ConfiguredFile keyFile = ConfigurationValue.file(section, "keyFile");
        if ((certFile == null) != (keyFile == null)) {
            wrong(" needs certFile and keyFile together");
        }
        return certFile == null || keyFile == null ? null : new ServedFiles(certFile, keyFile);
    }

    private @Nullable Called called(boolean needed) {
        String configuration = section.optional("webhookConfiguration", NameValue::object);
        String service = section.optional("service", NameValue::service);
        String namespace = section.optional("namespace", NameValue::namespace);
        if (needed && (configuration == null || service == null)) {
            wrong(
                    ".secret needs service and webhookConfiguration: whom the certificate is for, and who is to trust it");
        } else if ((configuration == null) != (service == null)) {
            wrong(" needs service and webhookConfiguration together");
        } else if (namespace != null && service == null) {
            wrong(".namespace needs service and webhookConfiguration");
        }
        return configuration == null || service == null ? null : new Called(configuration, service, namespace);
    }

    private Lifetimes lifetimes(@Nullable String secret) {
        Duration authority = section.optional("caLifetime", ConfigurationValue::lifetime);
        Duration server = section.optional("leafLifetime", ConfigurationValue::lifetime);
        if (secret == null && (authority != null || server != null)) {
            wrong(".caLifetime and leafLifetime need secret: only then does Unroot make certificates");
        }
        try {
            return new Lifetimes(
                    authority == null ? Lifetimes.DEFAULT.authority() : authority,
                    server == null ? Lifetimes.DEFAULT.server() : server);
        } catch (IllegalArgumentException e) {
            wrong(".caLifetime must be at least three times leafLifetime");
            return Lifetimes.DEFAULT;
        }
    }

    private @Nullable Clients clients() {
        ConfiguredFile caFile = ConfigurationValue.file(section, "clientCaFile");
        List<String> names = section.list("clientNames", List.of(), ConfigurationValue::exactly);
        if (caFile == null && !names.isEmpty()) {
            wrong(".clientNames needs clientCaFile: without it no client certificate is asked for");
        }
        return caFile == null ? null : new Clients(caFile, new HashSet<>(names));
    }
}
