package dev.unroot.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.agreement.KubeletOracle.Fields;
import dev.unroot.agreement.KubeletOracle.Image;
import dev.unroot.agreement.KubeletOracle.Result;
import dev.unroot.model.Confidence;
import dev.unroot.model.Container;
import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.Pod;
import dev.unroot.model.UnknownCause;
import dev.unroot.policy.Policy;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.registry.users.UserOfImage;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * {@code nonroot} says of every container what the node will do: a violation where its process would be uid 0 (or might,
 * out of range), will-not-start where kubelet or runtime refuse it, and neither otherwise.
 */
class KubeletAgreementTest {
    private static final ImageFacts UNKNOWN = new ImageFacts.Unknown(UnknownCause.TIMEOUT, "nobody answered");

    @Test
    void everyCombinationOfFieldsAndImageIsJudgedAsTheNodeStartsIt() throws Exception {
        int judged = 0;
        for (Fields pod : everyField()) {
            for (Fields container : everyField()) {
                Pod read = pod(pod, container);
                for (Image image : KubeletOracle.IMAGES) {
                    assertThat(resultOf(judge(Level.NONROOT, read, known(Map.of("app", image))), "app"))
                            .as("pod %s, container %s, image %s", pod, container, image)
                            .isEqualTo(KubeletOracle.start(pod, container, image));
                    judged++;
                }
            }
        }
        assertThat(judged).isEqualTo(21 * 21 * KubeletOracle.IMAGES.size());
    }

    @Test
    void soIsEveryContainerOfPodsDrawnAtRandom() throws Exception {
        Random random = new Random(20260214);
        Set<Result> seen = EnumSet.noneOf(Result.class);
        for (int i = 0; i < 5_000; i++) {
            RandomPod drawn = RandomPod.draw(random);
            Pod pod = drawn.read();
            List<Finding> findings = judge(Level.NONROOT, pod, known(drawn.images()));
            for (Container container : pod.containers()) {
                String name = container.name();
                Result result = KubeletOracle.start(
                        drawn.fields(),
                        drawn.containers().get(name),
                        drawn.images().get(name));
                assertThat(resultOf(findings, name))
                        .as("%s in %s with %s", name, drawn.object(), drawn.images())
                        .isEqualTo(result);
                seen.add(result);
            }
        }
        assertThat(seen).containsExactly(Result.values());
    }

    /** Holds with every image known, and with images unknown, whether or not an unverified one denies. */
    @Test
    void whatALevelDeniesEveryHigherOneDenies() throws Exception {
        Random random = new Random(7);
        int denied = 0;
        for (int i = 0; i < 5_000; i++) {
            RandomPod drawn = RandomPod.draw(random);
            Pod pod = drawn.read();
            Function<Container, ImageFacts> images = random.nextBoolean()
                    ? known(drawn.images())
                    : container -> container.name().equals("c0")
                            ? UNKNOWN
                            : known(drawn.images()).apply(container);
            for (Set<FindingKind> denying : List.of(
                    EnumSet.of(FindingKind.VIOLATION), EnumSet.of(FindingKind.VIOLATION, FindingKind.UNVERIFIED))) {
                boolean below = false;
                for (Level level : Level.values()) {
                    boolean here =
                            judge(level, pod, images).stream().anyMatch(finding -> denying.contains(finding.kind()));
                    assertThat(here || !below)
                            .as("%s of %s", level, drawn.object())
                            .isTrue();
                    below = here;
                    denied += here ? 1 : 0;
                }
            }
        }
        assertThat(denied).isBetween(5_000, 35_000);
    }

    /** Whether a container starts is the node's business: no level changes it, as long as its image is known. */
    @Test
    void whatWillNotStartIsToldAtEveryLevel() throws Exception {
        Random random = new Random(8);
        for (int i = 0; i < 5_000; i++) {
            RandomPod drawn = RandomPod.draw(random);
            Pod pod = drawn.read();
            List<Finding> atNonRoot = willNotStart(Level.NONROOT, pod, drawn);

            assertThat(willNotStart(Level.HARDENED, pod, drawn)).isEqualTo(atNonRoot);
            assertThat(willNotStart(Level.EXPLICIT, pod, drawn)).isEqualTo(atNonRoot);
        }
    }

    private static List<Finding> willNotStart(Level level, Pod pod, RandomPod drawn) {
        return judge(level, pod, known(drawn.images())).stream()
                .filter(finding -> finding.kind() == FindingKind.WILL_NOT_START)
                .toList();
    }

    private static List<Fields> everyField() {
        List<Long> uids = java.util.Arrays.asList(null, 0L, 1L, 1000L, 2147483647L, 2147483648L, -1L);
        return RandomPod.RUN_AS_NON_ROOT.stream()
                .flatMap(nonRoot -> uids.stream().map(uid -> new Fields(nonRoot, uid)))
                .toList();
    }

    private static Pod pod(Fields pod, Fields container) throws Exception {
        var object = new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode();
        var spec = object.putObject("spec");
        RandomPod.write(pod, spec);
        RandomPod.write(
                container,
                spec.putArray("containers").addObject().put("name", "app").put("image", "registry.example/app"));
        return Pods.read(object);
    }

    private static Function<Container, ImageFacts> known(Map<String, Image> images) {
        return container -> {
            Image image = images.get(container.name());
            return new ImageFacts.Known(
                    "sha256:" + "d".repeat(64),
                    Confidence.TAG,
                    List.of(new PlatformUser(
                            Platform.parse("linux/amd64"), UserOfImage.onLinux(image.user(), image.passwd()))),
                    List.of());
        };
    }

    private static List<Finding> judge(Level level, Pod pod, Function<Container, ImageFacts> images) {
        return Policy.judge(level, pod, images, PolicyOptions.DEFAULT, true);
    }

    private static Result resultOf(List<Finding> findings, String container) {
        Set<FindingKind> kinds = EnumSet.noneOf(FindingKind.class);
        for (Finding finding : findings) {
            if (finding.container() != null && finding.container().name().equals(container)) {
                kinds.add(finding.kind());
            }
        }
        assertThat(kinds).doesNotContain(FindingKind.UNVERIFIED);
        if (kinds.contains(FindingKind.VIOLATION)) {
            assertThat(kinds).containsExactly(FindingKind.VIOLATION);
            return Result.ROOT;
        }
        return kinds.contains(FindingKind.WILL_NOT_START) ? Result.REFUSED : Result.SOMEONE;
    }
}
