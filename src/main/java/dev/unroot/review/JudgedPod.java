package dev.unroot.review;

import dev.unroot.model.Container;
import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Level;
import dev.unroot.model.Pod;
import dev.unroot.model.UnknownCause;
import dev.unroot.policy.Policy;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A pod with all that is known of its images: findings at any level the images were asked for. */
public final class JudgedPod {
    private static final ImageFacts NOT_ASKED =
            new ImageFacts.Unknown(UnknownCause.OFFLINE, "its image was not looked up");

    private final Pod pod;
    private final JudgeSettings settings;
    private final Predicate<Container> admittedBefore;
    /** By identity: a container is compared by all its fields otherwise, and a pod can have thousands. */
    private final Map<Container, ImageFacts> facts;

    private final Map<Level, List<Finding>> findings = new EnumMap<>(Level.class);

    /** @param facts of each container of the pod, in order; null where nobody asked */
    JudgedPod(Pod pod, @Nullable ImageFacts[] facts, JudgeSettings settings, Predicate<Container> admittedBefore) {
        this.pod = pod;
        this.settings = settings;
        this.admittedBefore = admittedBefore;
        this.facts = new IdentityHashMap<>(facts.length);
        for (int i = 0; i < facts.length; i++) {
            ImageFacts found = facts[i];
            if (found != null) {
                this.facts.put(pod.containers().get(i), found);
            }
        }
    }

    /** What there is to say at a level; made when it is first asked for. Not for several threads at once. */
    public List<Finding> findings(Level level) {
        return findings.computeIfAbsent(level, at -> judge(at, true));
    }

    /** What is known of a container's image; null where no verdict depended on it. */
    public @Nullable ImageFacts facts(Container container) {
        return facts.get(container);
    }

    /**
     * The same without advice, whose texts cost more than the rest: for a mode that only decides. What tells of a stale image
     * is there.
     */
    List<Finding> withoutAdvice(Level level) {
        return judge(level, false);
    }

    private List<Finding> judge(Level level, boolean advises) {
        List<Finding> all = Policy.judge(
                level, pod, container -> facts.getOrDefault(container, NOT_ASKED), settings.policy(), advises);
        for (Finding finding : all) {
            if (isOldDoubt(finding)) {
                return all.stream().filter(Predicate.not(this::isOldDoubt)).toList();
            }
        }
        return all;
    }

    /** A doubt about a container that runs already: it was settled when its pod was admitted. */
    private boolean isOldDoubt(Finding finding) {
        return (finding.cause() != null || finding.tellsOfStaleImage())
                && finding.container() != null
                && admittedBefore.test(finding.container());
    }

    /** Whether enforce denies for it. */
    public boolean denies(Finding finding) {
        return switch (finding.kind()) {
            case VIOLATION -> true;
            case UNVERIFIED -> reaction(finding) == OnUnverified.DENY;
            case WILL_NOT_START, ADVICE -> false;
        };
    }

    /** Whether it is worth a warning; advice is, within measure. */
    boolean warns(Finding finding) {
        return finding.kind() != FindingKind.UNVERIFIED || reaction(finding) != OnUnverified.ALLOW;
    }

    private OnUnverified reaction(Finding finding) {
        UnknownCause cause = finding.cause();
        return cause == null ? OnUnverified.DENY : settings.reaction(cause);
    }
}
