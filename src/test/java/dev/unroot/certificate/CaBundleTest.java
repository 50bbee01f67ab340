package dev.unroot.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaBundleTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);

    private final CertifiedKey authority = Issuer.authority("one", NOW, YEAR);
    private final CertifiedKey namesake = Issuer.authority("one", NOW, YEAR);
    private final CertifiedKey server =
            Issuer.server(authority, "x", List.of("a.b.svc", "*.c.svc"), NOW, Duration.ofDays(30));

    private static CaBundle of(CertifiedKey... authorities) {
        return new CaBundle(
                List.of(authorities).stream().map(CertifiedKey::certificate).toList());
    }

    @Test
    void verifiesAsApiServersDo() {
        CaBundle bundle = of(namesake, authority);
        assertThat(bundle.problem(server.chain(), "a.b.svc", NOW)).isNull();
        assertThat(bundle.problem(server.chain(), "A.B.SVC", NOW)).isNull();
        assertThat(bundle.problem(server.chain(), "x.c.svc", NOW)).isNull();
        assertThat(bundle.problem(server.chain(), null, NOW)).isNull();
        assertThat(bundle.problem(server.chain(), "b.svc", NOW))
                .isEqualTo("the certificate is for a.b.svc, *.c.svc and not for b.svc");
        assertThat(bundle.problem(server.chain(), "x.y.c.svc", NOW)).contains("not for");
        assertThat(bundle.problem(server.chain(), "a.b.svc", NOW.plus(Duration.ofDays(31))))
                .isEqualTo("the certificate expired at 2026-12-22T12:00:00Z");
        assertThat(bundle.problem(server.chain(), "a.b.svc", NOW.minus(Duration.ofHours(2))))
                .startsWith("the certificate is only good from 2026-11-22T11:00:00Z");
        String untrusted = "the certificate was not signed by a CA that is trusted";
        assertThat(of(namesake).problem(server.chain(), "a.b.svc", NOW)).isEqualTo(untrusted);
        assertThat(CaBundle.EMPTY.problem(server.chain(), "a.b.svc", NOW)).isEqualTo(untrusted);
        assertThat(of(server).problem(server.chain(), "a.b.svc", NOW)).isEqualTo(untrusted);
        assertThat(bundle.problem(List.of(), "a.b.svc", NOW)).isEqualTo("no certificate is served");
        assertThat(bundle.problem(authority.chain(), null, NOW)).isNull();
    }

    /** Java by itself takes a CA of any age, an API server does not. */
    @Test
    void aCaHasItsTimeToo() {
        CertifiedKey old = Issuer.authority("old", NOW.minus(YEAR), Duration.ofDays(364));
        CertifiedKey signed = Issuer.server(old, "x", List.of("a"), NOW.minus(YEAR), Duration.ofDays(3640));
        assertThat(signed.notAfter()).isEqualTo(old.notAfter());
        CertifiedKey early = Issuer.authority("early", NOW.plus(YEAR), YEAR);
        CertifiedKey outlasts = Issuer.server(early, "x", List.of("a"), NOW, Duration.ofDays(20));
        assertThat(of(early).problem(outlasts.chain(), "a", NOW)).contains("not signed by a CA");
    }

    @Test
    void readsWhatItWrites() {
        CaBundle bundle = of(authority, namesake);
        CaBundle read = CaBundle.parse(("# a comment\n" + bundle.pem()).getBytes(UTF_8));
        assertThat(read).isEqualTo(bundle);
        assertThat(read.trustsTheSameAs(of(namesake, authority))).isTrue();
        assertThat(read.trustsTheSameAs(of(authority))).isFalse();
        assertThat(bundle).hasToString("[CN=one, CN=one]");
    }

    @Test
    void saysWhatCannotBeRead() {
        assertThatThrownBy(() -> CaBundle.parse(new byte[0])).hasMessage("holds no certificate");
        String passwd = "root:x:0:0:root:/root:/bin/bash\nsystemd-network:x:998:998:systemd Network:/:/sbin/nologin\n";
        assertThatThrownBy(() -> CaBundle.parse(passwd.getBytes(UTF_8))).hasMessage("holds no certificate");
        assertThatThrownBy(() -> CaBundle.parse("nonsense".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CaBundle.parse(
                        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n".getBytes(UTF_8)))
                .hasMessage("holds a certificate that cannot be read");
        assertThatThrownBy(() -> CaBundle.parse(new byte[(1 << 20) + 1])).hasMessage("is larger than 1 MiB");
    }
}
