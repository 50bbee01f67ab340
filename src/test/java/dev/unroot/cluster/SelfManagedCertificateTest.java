package dev.unroot.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.certificate.CertifiedKey;
import dev.unroot.certificate.Lifetimes;
import dev.unroot.certificate.SecretContent;
import dev.unroot.certificate.SelfSigned;
import dev.unroot.cluster.CertificateFixture.Replica;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class SelfManagedCertificateTest {
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private final CertificateFixture cluster = new CertificateFixture();

    @AfterEach
    void close() {
        cluster.close();
    }

    private void look() {
        cluster.replicas.forEach(replica -> replica.keeper.look());
    }

    @Test
    void fillsTheSecretAndOurBundlesAndTouchesNothingElse() {
        Replica replica = cluster.replica();
        replica.keeper.look();

        assertThat(cluster.secret().getMetadata().getLabels()).containsEntry("keep", "me");
        assertThat(cluster.secret().getType()).isEqualTo("Opaque");
        assertThat(cluster.configuration().getMetadata().getLabels()).containsEntry("keep", "me");
        List<ValidatingWebhook> webhooks = cluster.configuration().getWebhooks();
        assertThat(webhooks.get(0).getTimeoutSeconds()).isEqualTo(7);
        assertThat(webhooks.get(0).getClientConfig().getService().getPath()).isEqualTo("/validate");
        assertThat(webhooks.get(1).getClientConfig().getCaBundle()).isEqualTo("bm90IG91cnM=");
        assertThat(webhooks.get(2).getClientConfig().getCaBundle())
                .isEqualTo(webhooks.get(0).getClientConfig().getCaBundle());
        assertThat(cluster.refusal()).isNull();
        assertThat(replica.served()).isEqualTo(cluster.content().server());
        assertThat(replica.keeper.problem()).isNull();
    }

    /** What the role has to allow, and no more. */
    @Test
    void asksForNothingButByName() {
        Replica replica = cluster.replica();
        replica.keeper.look();
        replica.keeper.look();
        Set<String> requests = new TreeSet<>();
        for (RecordedRequest request : cluster.server.requests()) {
            requests.add(request.getMethod() + " " + request.getPath());
        }
        String configuration = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/unroot.dev";
        assertThat(requests)
                .containsExactly(
                        "GET " + "/api/v1/namespaces/unroot/secrets/unroot-tls",
                        "GET " + configuration,
                        "PATCH " + configuration,
                        "PUT " + "/api/v1/namespaces/unroot/secrets/unroot-tls");
    }

    @Test
    void fiveThatStartAtOnceAgree() throws Exception {
        for (int i = 0; i < 5; i++) {
            cluster.replica();
        }
        CyclicBarrier together = new CyclicBarrier(5);
        ExecutorService threads = Executors.newFixedThreadPool(5);
        List<Future<?>> starts = new ArrayList<>();
        for (Replica replica : cluster.replicas) {
            starts.add(threads.submit(() -> {
                together.await();
                replica.keeper.look();
                return null;
            }));
        }
        for (Future<?> start : starts) {
            start.get();
        }
        threads.shutdown();
        look();

        CertifiedKey winner = cluster.content().server();
        assertThat(cluster.replicas).allSatisfy(replica -> {
            assertThat(replica.served()).isEqualTo(winner);
            assertThat(replica.shown).as("nobody showed what lost").hasSize(1);
            assertThat(replica.keeper.problem()).isNull();
        });
        assertThat(cluster.content().trusted().certificates()).hasSize(1);
        assertThat(cluster.bundles().are(cluster.content().trusted())).isTrue();
        long writes = cluster.server.requests().stream()
                .filter(request -> request.getMethod().equals("PUT"))
                .count();
        assertThat(writes).isBetween(1L, 5L);
    }

    /** Of the Secret, or of the configuration: what was made for a write that lost is neither shown nor trusted. */
    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH"})
    void aConflictIsAReasonToLookAgain(String write) {
        Replica replica = cluster.replica();
        AtomicInteger conflicts = new AtomicInteger();
        cluster.server.answer(request -> request.getMethod().equals(write) && conflicts.getAndIncrement() < 2
                ? ApiServer.status(409, "the object has been modified")
                : null);
        replica.keeper.look();
        assertThat(conflicts.get()).isEqualTo(3);
        assertThat(replica.shown)
                .singleElement()
                .isEqualTo(cluster.content().server())
                .isNotNull();
        assertThat(cluster.bundles().are(cluster.content().trusted())).isTrue();
        assertThat(cluster.refusal()).isNull();
        assertThat(replica.keeper.problem()).isNull();
    }

    @Test
    void repairsABundleThatSomebodyOverwrote() {
        Replica replica = cluster.replica();
        replica.keeper.look();
        CertifiedKey served = replica.served();
        String foreign = SelfSigned.create(List.of(), Clock.systemUTC()).caPem();
        for (String garbage : List.of(foreign, "garbage", "")) {
            cluster.overwriteBundle(2, garbage);
            assertThat(cluster.refusal()).isNotNull();
            assertThat(replica.keeper.live().problem(served.chain(), cluster.time.instant()))
                    .as("not seen yet")
                    .isNull();
            replica.keeper.look();
            assertThat(cluster.refusal()).isNull();
            assertThat(cluster.bundles().are(cluster.content().trusted())).isTrue();
        }
        assertThat(replica.shown).hasSize(1);
    }

    /** Between any two requests of any replica, each of them is taken by API servers. */
    @Test
    void aCaIsReplacedWithoutAMomentOfRefusal() {
        cluster.lifetimes = new Lifetimes(Duration.ofDays(270), Duration.ofDays(90));
        Replica leader = cluster.replica();
        Replica follower = cluster.replica(() -> false);
        Replica slow = cluster.replica(() -> false);
        look();
        follower.keeper.look();
        slow.keeper.look();
        List<String> refusals = new ArrayList<>();
        Set<Integer> trusted = new HashSet<>();
        Set<CertifiedKey> served = new HashSet<>();
        Set<X509Certificate> authorities = new HashSet<>();
        for (int day = 0; day < 600; day += 10) {
            for (Replica replica : List.of(leader, follower)) {
                replica.keeper.look();
                String refusal = cluster.refusal();
                if (refusal != null) {
                    refusals.add(day + ": " + refusal);
                }
                served.add(replica.served());
            }
            // One that sees the API server seldom: not later than its own certificate is good.
            if (day % 20 == 0) {
                slow.keeper.look();
            }
            trusted.add(cluster.content().trusted().certificates().size());
            authorities.addAll(cluster.content().trusted().certificates());
            cluster.time.pass(SETTLING);
            leader.keeper.look();
            follower.keeper.look();
            cluster.time.pass(Duration.ofDays(10).minus(SETTLING));
        }
        assertThat(refusals).isEmpty();
        assertThat(trusted).containsExactlyInAnyOrder(1, 2);
        assertThat(served.size()).isGreaterThanOrEqualTo(9);
        assertThat(authorities.size()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void theNewCertificateWaitsUntilTheBundleCarriesItsCa() {
        Replica leader = cluster.replica();
        Replica follower = cluster.replica(() -> false);
        look();
        CertifiedKey old = leader.served();
        // To delete the CA's key is to ask for another CA.
        Map<String, String> data = new HashMap<>(cluster.secret().getData());
        data.remove("ca.key");
        cluster.overwriteSecret(data);
        cluster.server.answer(request -> request.getMethod().equals("PATCH") ? ApiServer.status(403, "no") : null);
        look();
        cluster.time.pass(SETTLING.multipliedBy(3));
        look();
        assertThat(leader.keeper.problem()).contains("the caBundle of ValidatingWebhookConfiguration unroot.dev");
        assertThat(cluster.content().trusted().certificates()).hasSize(2);
        assertThat(cluster.content().server()).isEqualTo(old);

        cluster.server.answer(request -> null);
        look();
        assertThat(cluster.bundles().are(cluster.content().trusted())).isTrue();
        look();
        assertThat(cluster.content().server())
                .as("API servers may not have heard")
                .isEqualTo(old);
        cluster.time.pass(SETTLING);
        look();
        assertThat(cluster.content().server()).isNotEqualTo(old);
        look();
        assertThat(leader.served()).isNotEqualTo(old).isEqualTo(follower.served());
        assertThat(cluster.refusal()).isNull();
    }

    @Test
    void garbageIsReplacedAndWhoRunsIsStillTrusted() {
        Replica replica = cluster.replica();
        replica.keeper.look();
        CertifiedKey old = replica.served();
        String garbage = "Z2FyYmFnZQ==";
        cluster.overwriteSecret(Map.of("ca.crt", garbage, "ca.key", garbage, "tls.crt", garbage, "tls.key", garbage));

        Replica fresh = cluster.replica();
        fresh.keeper.look();
        assertThat(cluster.content().problems()).isEmpty();
        assertThat(cluster.refusal()).as("the old one serves on").isNull();
        assertThat(replica.served()).isEqualTo(old);
        replica.keeper.look();
        assertThat(replica.served()).isEqualTo(old);
        cluster.time.pass(SETTLING);
        look();
        assertThat(replica.served()).isNotEqualTo(old).isEqualTo(fresh.served());
        assertThat(cluster.refusal()).isNull();
    }

    /** As {@code kubectl replace} of the chart's objects leaves them, in which neither has anything. */
    @Test
    void anEmptiedSecretAndBundleAreFilledAgain() {
        Replica replica = cluster.replica();
        replica.keeper.look();
        CertifiedKey old = replica.served();
        cluster.overwriteSecret(Map.of());
        cluster.bundles().entries().forEach(entry -> cluster.overwriteBundle(entry.index(), ""));
        assertThat(cluster.refusal()).isNotNull();

        replica.keeper.look();
        assertThat(cluster.refusal()).as("the old one serves on").isNull();
        assertThat(replica.served()).isEqualTo(old);
        cluster.time.pass(SETTLING);
        look();
        assertThat(replica.served())
                .isNotEqualTo(old)
                .isEqualTo(cluster.content().server());
        assertThat(cluster.refusal()).isNull();
    }

    @Test
    void whoseClockIsWrongWritesNothing() {
        Instant right = CertificateFixture.START;
        cluster.server.date = () -> right;
        Replica replica = cluster.replica();
        replica.keeper.look();
        Secret before = cluster.secret();
        for (int days : List.of(1300, -3)) {
            cluster.time.pass(Duration.ofDays(days));
            cluster.overwriteBundle(0, "nobody's");
            replica.keeper.look();
            assertThat(cluster.secret().getData()).isEqualTo(before.getData());
            assertThat(replica.keeper.problem())
                    .isEqualTo("this replica's clock is more than 12 h " + (days < 0 ? "behind" : "ahead of")
                            + " the API server's, so that it writes neither Secret nor caBundle: set it right");
            assertThat(cluster.refusal()).isNotNull();
            cluster.time.pass(Duration.ofDays(-days));
        }

        cluster.time.pass(Duration.ofHours(11));
        replica.keeper.look();
        assertThat(replica.keeper.problem()).isNull();
        assertThat(cluster.refusal()).isNull();
    }

    @Test
    void aCaOfTheFutureIsReplacedWhereTheApiServerSaysSo() {
        Replica replica = cluster.replica();
        cluster.time.pass(Duration.ofDays(4000));
        replica.keeper.look();
        CertifiedKey wrong = cluster.content().server();
        cluster.time.pass(Duration.ofDays(-4000));

        replica.keeper.look();
        assertThat(cluster.content().server())
                .as("nobody says whose clock is right")
                .isEqualTo(wrong);

        cluster.server.date = () -> CertificateFixture.START;
        // What it says is known from its answer on.
        replica.keeper.look();
        assertThat(cluster.content().server()).isNotEqualTo(wrong);
        assertThat(cluster.content().trusted().certificates()).hasSize(2);
        assertThat(replica.served()).isEqualTo(cluster.content().server());
        assertThat(cluster.refusal()).isNull();
    }

    @Test
    void whoDoesNotLeadWritesNothing() {
        Replica follower = cluster.replica(() -> false);
        follower.keeper.look();
        assertThat(cluster.content().data()).isEqualTo(SecretContent.EMPTY.data());
        assertThat(cluster.content().problems()).isEmpty();
        assertThat(follower.served()).isNull();
        assertThat(follower.keeper.problem()).contains("another replica is to make one");
        cluster.replica().keeper.look();
        follower.keeper.look();
        assertThat(follower.served()).isEqualTo(cluster.content().server());
    }

    @Test
    void servesOnWhileTheApiServerIsAway() {
        Replica replica = cluster.replica();
        replica.keeper.look();
        CertifiedKey served = replica.served();
        cluster.server.answer(request -> ApiServer.status(403, "not now"));
        replica.keeper.look();
        assertThat(replica.keeper.problem())
                .startsWith("Secret unroot/unroot-tls cannot be read: the API server answered 403: not now");
        assertThat(replica.keeper.live().problem(served.chain(), cluster.time.instant()))
                .isNull();
        cluster.server.answer(request -> null);
        replica.keeper.look();
        assertThat(replica.keeper.problem()).isNull();
        assertThat(replica.shown).hasSize(1);
    }

    @Test
    void saysWhatIsMissing() {
        Replica replica = cluster.replica();
        cluster.client
                .admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(CertificateFixture.CONFIGURATION)
                .delete();
        replica.keeper.look();
        assertThat(replica.keeper.problem())
                .isEqualTo("ValidatingWebhookConfiguration unroot.dev does not exist: install it, or mend"
                        + " certificates.webhookConfiguration");
        assertThat(replica.served()).as("made all the same").isNotNull();
        cluster.client.secrets().inNamespace("unroot").withName("unroot-tls").delete();
        replica.keeper.look();
        assertThat(replica.keeper.problem())
                .startsWith("Secret unroot/unroot-tls does not exist: create it empty (kubectl -n unroot create");
    }

    @Test
    void noKeyIsEverTold() {
        Replica replica = cluster.replica();
        replica.keeper.look();
        SecretContent content = cluster.content();
        String key =
                new String(java.util.Base64.getDecoder().decode(content.data().get("tls.key")), UTF_8);
        cluster.server.answer(
                request -> request.getMethod().equals("PUT") ? ApiServer.status(422, "Invalid value: " + key) : null);
        Map<String, String> data = new HashMap<>(cluster.secret().getData());
        cluster.server.answer(request -> null);
        data.remove("tls.crt");
        cluster.overwriteSecret(data);
        cluster.server.answer(
                request -> request.getMethod().equals("PUT") ? ApiServer.status(422, "Invalid value: " + key) : null);
        replica.keeper.look();
        assertThat(replica.keeper.problem())
                .isEqualTo("Secret unroot/unroot-tls cannot be written: the API server answered 422");
    }
}
