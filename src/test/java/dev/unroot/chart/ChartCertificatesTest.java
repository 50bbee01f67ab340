package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The three ways to a certificate: who makes it, where it is kept, who writes the {@code caBundle}. */
class ChartCertificatesTest {
    private static final String FILES =
            "certFile: /etc/unroot-certificate/tls.crt\n  keyFile: /etc/unroot-certificate/tls.key";

    /** Empty, or a roll-back would bring an old key back; and there, so that the role can name it. */
    @Test
    void unrootFillsASecretOfItsOwn() {
        Rendered rendered = Chart.render("");
        JsonNode secret = rendered.one("Secret");
        assertThat(secret.at("/metadata/name").asText()).isEqualTo("unroot-certificate");
        assertThat(secret.has("data") || secret.has("stringData")).isFalse();
        assertThat(rendered.configuration())
                .contains("secret: unroot-certificate")
                .doesNotContain("certFile");
        assertThat(mounted(rendered)).isEmpty();
        assertThat(rendered.webhooks())
                .noneMatch(webhook -> webhook.path("clientConfig").has("caBundle"));
    }

    /** The Secret that is mounted, by the path that the configuration names. */
    private static List<String> mounted(Rendered rendered) {
        boolean isMounted = Rendered.elements(rendered.container().path("volumeMounts")).stream()
                .anyMatch(mount -> mount.path("name").asText().equals("certificate")
                        && mount.path("mountPath").asText().equals("/etc/unroot-certificate")
                        && mount.path("readOnly").asBoolean());
        return Rendered.elements(rendered.one("Deployment").at("/spec/template/spec/volumes")).stream()
                .filter(volume -> isMounted && volume.path("name").asText().equals("certificate"))
                .map(volume -> volume.at("/secret/secretName").asText())
                .toList();
    }

    @Test
    void certManagerMakesItForTheNameThatApiServersVerify() {
        Rendered rendered = Chart.render("certificates: {source: cert-manager}\n");
        JsonNode certificate = named(rendered, "Certificate", "unroot");
        assertThat(Rendered.texts(certificate.at("/spec/dnsNames")))
                .containsExactly("unroot.unroot.svc", "unroot.unroot.svc.cluster.local");
        assertThat(Rendered.texts(certificate.at("/spec/usages"))).contains("server auth");
        assertThat(mounted(rendered))
                .containsExactly(certificate.at("/spec/secretName").asText());
        assertThat(rendered.configuration()).contains(FILES).doesNotContain("secret:");
        assertThat(rendered.all("Secret")).isEmpty();
        // Its CA injector goes by this.
        assertThat(rendered.one("ValidatingWebhookConfiguration")
                        .at("/metadata/annotations/cert-manager.io~1inject-ca-from")
                        .asText())
                .isEqualTo("unroot/unroot");
        assertThat(rendered.webhooks())
                .noneMatch(webhook -> webhook.path("clientConfig").has("caBundle"));
    }

    /** A certificate by a CA by a self-signed issuer: so a new certificate is trusted before it is served. */
    @Test
    void certManagersCaIsMadeWhereNoIssuerIsNamed() {
        Rendered rendered = Chart.render("certificates: {source: cert-manager}\n");
        JsonNode certificate = named(rendered, "Certificate", "unroot");
        JsonNode issuer =
                named(rendered, "Issuer", certificate.at("/spec/issuerRef/name").asText());
        JsonNode authority = named(rendered, "Certificate", "unroot-ca");
        assertThat(authority.at("/spec/isCA").asBoolean()).isTrue();
        assertThat(issuer.at("/spec/ca/secretName").asText())
                .isEqualTo(authority.at("/spec/secretName").asText());
        assertThat(named(
                                rendered,
                                "Issuer",
                                authority.at("/spec/issuerRef/name").asText())
                        .at("/spec/selfSigned")
                        .isObject())
                .isTrue();
    }

    @Test
    void anIssuerThatIsNamedSigns() {
        Rendered rendered = Chart.render("""
                certificates: {source: cert-manager, certManager: {issuerRef: {name: ours, kind: ClusterIssuer}}}
                """);
        assertThat(rendered.one("Certificate").at("/spec/issuerRef").toString())
                .isEqualTo("{\"kind\":\"ClusterIssuer\",\"name\":\"ours\"}");
        assertThat(rendered.all("Issuer")).isEmpty();
    }

    private static JsonNode named(Rendered rendered, String kind, String name) {
        return rendered.all(kind).stream()
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    @Test
    void anExistingSecretIsMountedAndItsCaIsInEveryWebhook() {
        Rendered rendered = Chart.render("""
                certificates: {source: existing-secret, existingSecret: {name: ours, caBundle: -----BEGIN CERTIFICATE----- of ours}}
                """);
        assertThat(mounted(rendered)).containsExactly("ours");
        assertThat(rendered.configuration()).contains(FILES);
        assertThat(rendered.all("Secret")).isEmpty();
        assertThat(rendered.webhooks())
                .isNotEmpty()
                .allSatisfy(webhook -> assertThat(new String(Base64.getDecoder()
                                .decode(webhook.at("/clientConfig/caBundle").asText())))
                        .isEqualTo("-----BEGIN CERTIFICATE----- of ours"));
    }
}
