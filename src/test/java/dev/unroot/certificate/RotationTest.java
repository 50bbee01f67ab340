package dev.unroot.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class RotationTest {
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final ServiceName SERVICE = new ServiceName("unroot", "webhook");
    private static final Predicate<X509Certificate> EVERYWHERE = authority -> true;
    private static final Predicate<X509Certificate> NOWHERE = authority -> false;
    private static final Rotation ROTATION = new Rotation(SERVICE, Lifetimes.DEFAULT);

    private static Rotation.Step next(SecretContent stored, Predicate<X509Certificate> carried, Instant now) {
        return ROTATION.next(stored, CaBundle.EMPTY, carried, now);
    }

    private static SecretContent first() {
        return next(SecretContent.EMPTY, NOWHERE, START).content();
    }

    private static SecretContent reread(SecretContent content) {
        return SecretContent.read(content.data());
    }

    private static X509Certificate certificate(SecretContent content) {
        return Objects.requireNonNull(content.server()).certificate();
    }

    private static X509Certificate newest(SecretContent content) {
        return content.trusted().certificates().get(0);
    }

    @Test
    void anEmptySecretIsFilled() throws Exception {
        Rotation.Step step = next(SecretContent.read(Map.of()), NOWHERE, START);

        assertThat(step.reasons())
                .containsExactly("a new CA, because there is none", "a new certificate, because there is none");
        assertThat(step.content().data()).containsOnlyKeys("ca.crt", "ca.key", "tls.crt", "tls.key");
        SecretContent made = reread(step.content());
        assertThat(made.problems()).isEmpty();
        assertThat(made.trusted().certificates()).hasSize(1);
        assertThat(certificate(made).getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("webhook.unroot.svc", "webhook.unroot.svc.cluster.local");
        for (X509Certificate each : List.of(certificate(made), newest(made))) {
            assertThat(each.getPublicKey())
                    .isInstanceOfSatisfying(
                            ECPublicKey.class,
                            key -> assertThat(key.getParams().toString()).contains("secp256r1"));
        }
        assertThat(certificate(made).getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate(made).getNotBefore()).isEqualTo(START.minus(Duration.ofHours(1)));
        assertThat(certificate(made).getNotAfter()).isEqualTo(START.plus(Duration.ofDays(90)));
        assertThat(newest(made).getNotAfter()).isEqualTo(START.plus(Duration.ofDays(5 * 365)));
        assertThat(made.trusted().problem(List.of(certificate(made)), SERVICE.host(), START))
                .isNull();
        // Nothing more to do, and clocks may differ.
        assertThat(next(made, EVERYWHERE, START).isChange()).isFalse();
        assertThat(next(made, EVERYWHERE, START.minus(Duration.ofMinutes(59))).isChange())
                .isFalse();
    }

    @Test
    void aCertificateIsRenewedAtTwoThirdsByTheSameCa() {
        SecretContent first = reread(first());
        assertThat(next(first, EVERYWHERE, START.plus(Duration.ofDays(59))).isChange())
                .isFalse();

        Rotation.Step renewal = next(first, NOWHERE, START.plus(Duration.ofDays(60)));

        assertThat(renewal.reasons())
                .containsExactly("a new certificate, because it is good until 2027-02-20T12:00:00Z only");
        assertThat(renewal.content().trusted()).isEqualTo(first.trusted());
        assertThat(certificate(renewal.content())).isNotEqualTo(certificate(first));
        assertThat(certificate(renewal.content()).getNotAfter()).isEqualTo(START.plus(Duration.ofDays(150)));
    }

    /** The order of it: trust both, then serve by the new, then trust the new alone. At no step is a served one refused. */
    @Test
    void aCaIsReplacedInOrder() {
        Instant now = START.plus(Duration.ofDays(5 * 365 * 2 / 3 + 1));
        SecretContent old =
                reread(next(first(), EVERYWHERE, now.minus(Duration.ofDays(2))).content());
        assertThat(next(old, EVERYWHERE, now.minus(Duration.ofDays(2))).isChange())
                .isFalse();

        SecretContent both = reread(next(old, EVERYWHERE, now).content());
        assertThat(both.trusted().certificates())
                .hasSize(2)
                .endsWith(newest(old))
                .doesNotHaveDuplicates();
        assertThat(certificate(both)).isEqualTo(certificate(old));
        // For as long as the caBundle is not seen to carry it, nothing else happens.
        assertThat(next(both, NOWHERE, now.plus(Duration.ofDays(20))).isChange())
                .isFalse();

        SecretContent switched =
                reread(next(both, newest(both)::equals, now.plusSeconds(60)).content());
        assertThat(switched.trusted()).isEqualTo(both.trusted());
        assertThat(CaBundle.isSignedBy(certificate(switched), newest(both))).isTrue();

        // The old one could be served until then, by a replica that cannot reach the API server.
        Instant end = certificate(old).getNotAfter().toInstant();
        Instant past = now.plus(Duration.ofDays(90)).plus(Duration.ofHours(2));
        assertThat(end).isBefore(past);
        SecretContent later =
                reread(next(switched, EVERYWHERE, now.plus(Duration.ofDays(61))).content());
        assertThat(later.trusted()).isEqualTo(both.trusted());
        SecretContent alone = next(later, EVERYWHERE, past).content();
        assertThat(alone.trusted().certificates()).containsExactly(newest(both));
        assertThat(certificate(alone)).isEqualTo(certificate(later));

        for (SecretContent step : List.of(both, switched)) {
            assertThat(step.trusted().problem(List.of(certificate(old)), SERVICE.host(), now))
                    .isNull();
            assertThat(step.trusted().problem(List.of(certificate(switched)), SERVICE.host(), now))
                    .isNull();
        }
    }

    @Test
    void whatIsBrokenIsMadeAnewAndTheRestKept() {
        SecretContent first = first();
        for (String key : List.of("tls.crt", "tls.key")) {
            Map<String, String> data = new HashMap<>(first.data());
            data.put(key, "bm9uc2Vuc2U=");
            SecretContent broken = SecretContent.read(data);
            assertThat(broken.problems()).singleElement().asString().startsWith(key + " ");
            SecretContent mended = next(broken, EVERYWHERE, START).content();
            assertThat(mended.trusted()).isEqualTo(first.trusted());
            assertThat(mended.server()).isNotNull();
        }
        // Without its key the CA is replaced in the same order as for its age: to delete the key is to ask for that.
        Map<String, String> keyless = new HashMap<>(first.data());
        keyless.remove("ca.key");
        SecretContent both = next(SecretContent.read(keyless), NOWHERE, START).content();
        assertThat(both.trusted().certificates()).hasSize(2).endsWith(newest(first));
        assertThat(certificate(both)).isEqualTo(certificate(first));
    }

    @Test
    void aDestroyedSecretKeepsWhatIsTrustedAnyway() {
        SecretContent first = first();
        for (String garbage : List.of("bm9uc2Vuc2U=", "not base64", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==")) {
            SecretContent destroyed = SecretContent.read(
                    Map.of("ca.crt", garbage, "ca.key", garbage, "tls.crt", garbage, "tls.key", garbage));
            assertThat(destroyed.problems()).hasSize(3).noneMatch(problem -> problem.contains(garbage));
            SecretContent next =
                    ROTATION.next(destroyed, first.trusted(), NOWHERE, START).content();
            assertThat(next.trusted().certificates()).hasSize(2).endsWith(newest(first));
        }
    }

    @Test
    void trustDoesNotGrowWithoutEnd() {
        SecretContent content = first();
        for (int i = 0; i < 9; i++) {
            Map<String, String> keyless = new HashMap<>(content.data());
            keyless.remove("ca.key");
            content = next(SecretContent.read(keyless), EVERYWHERE, START).content();
        }
        assertThat(content.trusted().certificates()).hasSize(5);
    }

    @Test
    void anotherServiceNeedsAnotherCertificate() {
        Rotation renamed = new Rotation(new ServiceName("unroot", "renamed"), Lifetimes.DEFAULT);
        Rotation.Step step = renamed.next(first(), CaBundle.EMPTY, EVERYWHERE, START);
        assertThat(step.reasons())
                .containsExactly("a new certificate, because the certificate is for webhook.unroot.svc,"
                        + " webhook.unroot.svc.cluster.local and not for renamed.unroot.svc");
    }

    @Test
    void aClockThatIsBehindChangesNothing() {
        assertThat(next(first(), EVERYWHERE, START.minus(Duration.ofHours(25))).isChange())
                .isFalse();
    }

    @Test
    void aCaOfTheFutureIsReplacedAndTrustedBesideTheNewOne() {
        Instant future = START.plus(Duration.ofDays(4000));
        SecretContent wrong = reread(next(SecretContent.EMPTY, NOWHERE, future).content());

        Rotation.Step step = next(wrong, NOWHERE, START);
        assertThat(step.reasons())
                .containsExactly(
                        "a new CA, because what is there is good from 2037-11-04T11:00:00Z only",
                        "a new certificate, because the certificate is only good from 2037-11-04T11:00:00Z: look at the clocks");
        SecretContent mended = reread(step.content());
        assertThat(mended.trusted().certificates()).hasSize(2).endsWith(newest(wrong));
        assertThat(mended.trusted().problem(List.of(certificate(mended)), SERVICE.host(), START))
                .isNull();
        assertThat(next(mended, EVERYWHERE, START.plus(Duration.ofDays(1))).isChange())
                .isFalse();
        SecretContent later =
                next(mended, EVERYWHERE, START.plus(Duration.ofDays(91))).content();
        assertThat(later.trusted().certificates()).containsExactly(newest(mended));
    }

    /** The old CA is still there, and API servers take what it signed until they have heard of the newest. */
    @Test
    void whatIsServedByAnOlderCaIsServedOnMeanwhile() {
        SecretContent first = first();
        Instant ahead = START.plus(Duration.ofDays(5 * 365 * 2 / 3 + 1));
        Map<String, String> jumped =
                new HashMap<>(next(first, NOWHERE, ahead).content().data());
        jumped.put("tls.crt", first.data().get("tls.crt"));
        jumped.put("tls.key", first.data().get("tls.key"));

        SecretContent mended = next(SecretContent.read(jumped), NOWHERE, START).content();
        assertThat(mended.trusted().certificates()).hasSize(3).endsWith(newest(first));
        assertThat(certificate(mended)).isEqualTo(certificate(first));
        SecretContent switched =
                next(mended, newest(mended)::equals, START.plusSeconds(60)).content();
        assertThat(CaBundle.isSignedBy(certificate(switched), newest(mended))).isTrue();
    }

    /** As far as two may differ that both agree with the API server. */
    @Test
    void replicasWithDifferentClocksDoNotFight() {
        Duration apart = Rotation.FAR_AHEAD;
        SecretContent content = SecretContent.EMPTY;
        int changes = 0;
        Instant end = START.plus(Duration.ofDays(5 * 365));
        for (Instant now = START; now.isBefore(end); now = now.plus(Duration.ofDays(7))) {
            for (int look = 0; look < 3; look++) {
                for (Instant clock : List.of(now.plus(apart), now)) {
                    Rotation.Step step = next(content, EVERYWHERE, clock);
                    changes += step.isChange() ? 1 : 0;
                    content = step.content();
                }
            }
        }
        // A certificate every 60 days, each made once more at most, for the one who is behind; and two CAs.
        assertThat(changes).isBetween(30, 70);
        assertThat(content.trusted().certificates()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void shortLifetimesHaveRoomForAllSteps() {
        Rotation quick = new Rotation(SERVICE, new Lifetimes(Duration.ofSeconds(60), Duration.ofSeconds(20)));
        SecretContent content =
                quick.next(SecretContent.EMPTY, CaBundle.EMPTY, NOWHERE, START).content();
        int authorities = 1;
        int certificates = 1;
        for (int second = 1; second <= 300; second++) {
            Instant now = START.plusSeconds(second);
            SecretContent next =
                    quick.next(content, CaBundle.EMPTY, EVERYWHERE, now).content();
            authorities += newest(next).equals(newest(content)) ? 0 : 1;
            certificates += certificate(next).equals(certificate(content)) ? 0 : 1;
            assertThat(next.trusted().problem(List.of(certificate(next)), SERVICE.host(), now))
                    .isNull();
            assertThat(next.trusted().certificates()).hasSizeLessThanOrEqualTo(2);
            content = next;
        }
        assertThat(authorities).isBetween(7, 9);
        assertThat(certificates).isBetween(20, 35);
    }

    @Test
    void nothingPrintsAKey() {
        SecretContent content = first();
        String key = Objects.requireNonNull(content.server()).keyPem();
        assertThat(key).startsWith("-----BEGIN PRIVATE KEY-----");
        String body = key.lines().skip(1).findFirst().orElseThrow();
        assertThat(content.toString() + content.server() + content.trusted() + next(content, NOWHERE, START))
                .doesNotContain(body);
    }
}
