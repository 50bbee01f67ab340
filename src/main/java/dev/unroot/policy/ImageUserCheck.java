package dev.unroot.policy;

import static dev.unroot.model.FindingKind.ADVICE;
import static dev.unroot.model.FindingKind.UNVERIFIED;
import static dev.unroot.model.FindingKind.WILL_NOT_START;

import dev.unroot.common.Text;
import dev.unroot.model.Container;
import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.Finding;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.UnknownCause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code nonroot}: where no field pins the user, the image's own is not root.
 *
 * <p>Judged field: {@code spec.[init|ephemeral]containers[*].image}. The kubelet's part under
 * {@code runAsNonRoot: true} is in {@code security_context_others.go}, and on Windows, where it refuses one name alone, in
 * {@code security_context_windows.go}; the runtime's is told by {@link dev.unroot.model.ImageUser}. Every platform the pod can land on is judged.
 */
final class ImageUserCheck implements Check {
    /** The advice about a platform that the image does not offer. */
    private static final String PLATFORM_ADVICE = "imagePlatform";

    @Override
    public String id() {
        return "imageUser";
    }

    @Override
    public void judge(Judgement judgement, Consumer<Finding> findings) {
        for (Container container : judgement.pod().containers()) {
            ImageNeed need = ImageNeed.of(container, judgement.pod(), judgement.level(), judgement.options());
            if (need == ImageNeed.NONE) {
                continue;
            }
            ImageFacts facts = judgement.images().apply(container);
            if (facts instanceof ImageFacts.Known known) {
                judgeKnown(judgement, container, need, known, findings);
            } else if (facts instanceof ImageFacts.Unknown unknown && need == ImageNeed.REQUIRED) {
                findings.accept(unverified(judgement, container, unknown));
            }
        }
    }

    private void judgeKnown(
            Judgement judgement,
            Container container,
            ImageNeed need,
            ImageFacts.Known known,
            Consumer<Finding> findings) {
        ImageStart start = new ImageStart(judgement, container, need, known);
        List<Finding> told = new ArrayList<>(known.users().size());
        boolean agree = true;
        for (PlatformUser user : known.users()) {
            Finding finding = start.of(user, "");
            agree &= told.isEmpty() || sameFinding(told.get(0), finding);
            told.add(finding);
        }
        if (agree) {
            accept(told.get(0), findings);
        } else {
            tellByPlatform(known, start, told, findings);
        }
        Instant heard = known.heard();
        if (heard != null && need == ImageNeed.REQUIRED && told.stream().allMatch(ImageUserCheck::letsPass)) {
            findings.accept(stale(container, known, heard));
        }
        if (!known.missing().isEmpty()) {
            findings.accept(missing(container, known));
        }
    }

    private static boolean letsPass(@Nullable Finding finding) {
        return finding == null || finding.kind() == ADVICE || finding.kind() == WILL_NOT_START;
    }

    private static Finding stale(Container container, ImageFacts.Known known, Instant heard) {
        return Finding.of(
                        Finding.STALE_IMAGE,
                        ADVICE,
                        container,
                        container.path().child("image"),
                        "is judged by a stale fact: what image " + new Image(container)
                                + " was when its registry last told, at " + heard,
                        "See why its registry is not heard, or name the image by digest: that never becomes stale")
                .with(known.confidence());
    }

    /** Where platforms disagree each is named, and advice about one is not worth telling beside trouble on another. */
    private static void tellByPlatform(
            ImageFacts.Known known, ImageStart start, List<@Nullable Finding> told, Consumer<Finding> findings) {
        List<Finding> seen = new ArrayList<>();
        boolean trouble = told.stream().anyMatch(finding -> finding != null && finding.kind() != ADVICE);
        for (int i = 0; i < told.size(); i++) {
            Finding finding = told.get(i);
            if (finding == null
                    || (trouble && finding.kind() == ADVICE)
                    || seen.stream().anyMatch(other -> sameFinding(other, finding))) {
                continue;
            }
            seen.add(finding);
            List<PlatformUser> where = known.users().stream()
                    .filter(user -> sameFinding(start.of(user, ""), finding))
                    .toList();
            Finding placed = start.of(known.users().get(i), " on " + PlatformUser.places(where));
            accept(placed == null ? null : placed.withMore(otherwise(known, where)), findings);
        }
    }

    /** What other runtimes start on the same platforms: empty, or in parentheses after a space. */
    private static String otherwise(ImageFacts.Known known, List<PlatformUser> told) {
        Set<String> others = new LinkedHashSet<>();
        for (PlatformUser user : known.users()) {
            boolean other = !told.contains(user)
                    && told.stream()
                            .anyMatch(here -> here.platform().equals(user.platform())
                                    && !here.runtimes().isEmpty());
            if (other) {
                others.add(
                        "under " + ContainerRuntime.list(user.runtimes()) + " it is another image of its index, which "
                                + user.user().reason());
            }
        }
        return others.isEmpty() ? "" : " (" + Text.list(others, "; ") + ")";
    }

    private static void accept(@Nullable Finding finding, Consumer<Finding> findings) {
        if (finding != null) {
            findings.accept(finding);
        }
    }

    private static boolean sameFinding(@Nullable Finding one, @Nullable Finding other) {
        if (one == null || other == null) {
            return one == other;
        }
        return one.kind() == other.kind()
                && one.clause().equals(other.clause())
                && one.fix().equals(other.fix());
    }

    private Finding unverified(Judgement judgement, Container container, ImageFacts.Unknown facts) {
        return new Finding(
                id(),
                UNVERIFIED,
                container,
                container.path().child("image"),
                "could not be verified: " + facts.reason(),
                fix(judgement, container, facts),
                null,
                facts.cause());
    }

    private static String fix(Judgement judgement, Container container, ImageFacts.Unknown facts) {
        // What is no image never starts, whatever else the pod says.
        return facts.cause() == UnknownCause.INVALID_REFERENCE
                ? facts.fix()
                : facts.fix() + LookupAdvice.spared(judgement, container);
    }

    private static Finding missing(Container container, ImageFacts.Known known) {
        String platforms = Platform.list(known.missing(), ", ");
        return Finding.of(
                        PLATFORM_ADVICE,
                        ADVICE,
                        container,
                        container.path().child("image"),
                        "cannot run on " + platforms + ": image " + new Image(container) + " is not built for it",
                        "Build it for that platform, or select other nodes with nodeSelector kubernetes.io/arch")
                .with(known.confidence());
    }
}
