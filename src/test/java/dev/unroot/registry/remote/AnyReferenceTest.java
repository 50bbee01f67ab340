package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Deadline;
import dev.unroot.common.Glob;
import dev.unroot.fuzz.Fuzz;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.SubjectReader;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.Pod;
import dev.unroot.model.UnknownCause;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.cache.CachingImageUsers;
import dev.unroot.registry.cache.QuietListener;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.Exemptions;
import dev.unroot.review.Judge;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.OnUnverified;
import dev.unroot.review.ReviewListener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whatever a pod writes for an image, from its reading to the registry's door: it is a doubt about that one container, never
 * a fault, and what is known of the others is told.
 */
class AnyReferenceTest extends RegistryTestBase {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SEEDS = List.of(
            "r.invalid:99999/a:1",
            "r.invalid:65536/a:1",
            "r.invalid:0/a:1",
            "r.invalid:00/a:1",
            "r.invalid:000443/a:1",
            "r.invalid:99999999999999999999/a:1",
            "my_reg.invalid/u:6",
            "a__b.invalid/u",
            "0_0.1/u",
            "[::1]:5000/a",
            "[::1]:99999/a",
            "[::::]/a:1",
            "[1]/a",
            "[:]/a",
            "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]/a",
            "[::ffff:7f00:1]/a",
            "127.1/a",
            "0.0.0.0/a",
            "1.1.1.1.1/a",
            "999.999.999.999/a",
            "0x7f.1/a",
            "localhost:1/a",
            "LOCALHOST/a",
            "xn--80ak6aa92e.invalid/a",
            "xn--.invalid/a",
            "xn--a-ecp.ru/a",
            "bücher.invalid/a",
            "ㄱ.invalid/a",
            "a.invalid./a",
            ".invalid/a",
            "a..invalid/a",
            "a".repeat(64) + ".invalid/a",
            "a.".repeat(200) + "invalid/a",
            "r.invalid/" + "a".repeat(255),
            "r.invalid/" + "a/".repeat(126) + "a",
            "r.invalid/a@sha256:" + "0a".repeat(32),
            "r.invalid/a:1@sha384:" + "0a".repeat(48),
            "r.invalid/a@sha512:" + "0a".repeat(64),
            "r.invalid/a@md5:" + "0a".repeat(16),
            "r.invalid/a@sha256+b64:" + "0a".repeat(32),
            "sha256:" + "0a".repeat(32),
            "0a".repeat(32),
            "r.invalid/a:1\u0000",
            "r.invalid\u0000/a",
            "r.invalid/a?b#c",
            "user:password@r.invalid/a",
            "https://r.invalid/a",
            "r.invalid/../a",
            "r.invalid/%2e%2e/a",
            "\ud800/a",
            "");
    private static final List<String> WORDS = List.of(
            ":",
            "/",
            "@",
            "_",
            "__",
            ".",
            "..",
            "-",
            "[",
            "]",
            "::",
            ":0",
            ":65536",
            ":00080",
            "%",
            "\u0000",
            "A",
            "xn--",
            "é",
            "@sha256:" + "f".repeat(64),
            "localhost");

    /** The names that there are; all others have no address. */
    private static InetAddress[] resolve(String host) throws UnknownHostException {
        if (host.length() % 3 == 0) {
            return new InetAddress[] {InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1})};
        }
        throw new UnknownHostException(host);
    }

    private static JudgeSettings settings() {
        return new JudgeSettings(
                PolicyOptions.DEFAULT,
                new Exemptions(Set.of(), Set.of(), Set.of(), List.of(new Glob("exempt.invalid/**"))),
                List.of(Platform.parse("linux/amd64"), Platform.parse("linux/arm64")),
                Duration.ofSeconds(1),
                Map.of(),
                OnUnverified.DENY);
    }

    private static Pod pod(String image) throws Exception {
        String text = JSON.writeValueAsString(Map.of(
                "spec",
                Map.of(
                        "containers",
                        List.of(
                                Map.of("name", "odd", "image", image),
                                Map.of("name", "root", "image", "x", "securityContext", Map.of("runAsUser", 0))))));
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            return new SubjectReader(PodTemplates.BUILT_IN)
                    .read(parser, new TypeMeta("v1", "Pod"))
                    .pod();
        }
    }

    /** Told of by nobody else: an odd reference that throws is a doubt like any other, by its cause alone. */
    private static void check(Judge judge, String image) throws Exception {
        List<Finding> findings = get(judge.judge(
                        pod(image), "team", List.of(Level.NONROOT), container -> false, Deadline.in(GENEROUS)))
                .findings(Level.NONROOT);

        assertThat(findings)
                .as(image)
                .anySatisfy(finding -> {
                    assertThat(finding.kind()).isEqualTo(FindingKind.VIOLATION);
                    assertThat(finding.check()).isEqualTo("runAsUser");
                })
                .anySatisfy(finding -> {
                    assertThat(finding.kind()).isEqualTo(FindingKind.UNVERIFIED);
                    assertThat(finding.cause())
                            .isIn(
                                    UnknownCause.INVALID_REFERENCE,
                                    UnknownCause.UNDETERMINABLE,
                                    UnknownCause.UNREACHABLE,
                                    UnknownCause.REFUSED_ADDRESS);
                    assertThat(finding.message()).doesNotContain("\n", "\u0000", "within Unroot");
                })
                .hasSize(2);
    }

    @Test
    void isADoubtAboutOneContainer() {
        RemoteRegistry registry = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(AnyReferenceTest::resolve)
                .build());
        CachingImageUsers users = closing(new CachingImageUsers(
                registry,
                new ImageReader(registry, Limits.DEFAULT),
                Detail.USER,
                CacheOptions.DEFAULT,
                Ticker.systemTicker(),
                new QuietListener()));
        Judge judge = new Judge(settings(), users, ReviewListener.NONE);
        Fuzz.mutate(
                4_000,
                SEEDS.stream()
                        .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                WORDS,
                text -> check(judge, new String(text, StandardCharsets.UTF_8)));
    }
}
