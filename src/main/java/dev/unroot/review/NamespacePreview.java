package dev.unroot.review;

import dev.unroot.common.Deadline;
import dev.unroot.model.Finding;
import dev.unroot.model.Level;
import dev.unroot.model.ObjectMeta;
import dev.unroot.model.Pod;
import dev.unroot.model.Subject;
import dev.unroot.model.UnknownCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells, when a namespace begins to enforce more, which of its pods could not be made again. Looks at 3000 pods and for one
 * second at most, at one pod of each controller first, and asks no registry: an image that is not known counts as not
 * checked.
 *
 * <p>Source: pod-security-admission {@code admission.go}, {@code EvaluatePodsInNamespace}; which also judges pods that
 * have finished, and nobody can mend those.
 */
final class NamespacePreview {
    static final int MOST_PODS = 3000;
    private static final Duration TIME = Duration.ofSeconds(1);

    private final Judge judge;
    private final ExistingPods pods;

    NamespacePreview(JudgeSettings settings, ImageUsers images, ExistingPods pods) {
        // A judge of its own: what it finds in memory or not is nothing that admissions cost.
        this.judge = new Judge(settings, images, ReviewListener.NONE);
        this.pods = pods;
    }

    /** Warnings, one line each; none where every pod would be admitted. Never fails. */
    CompletionStage<List<String>> warnings(String namespace, Level level, Deadline deadline) {
        // Half of what is left, as PSA: this must not be why the change fails.
        Deadline end = deadline.within(deadline.remaining().dividedBy(2)).within(TIME);
        Deadline listing = end.within(end.remaining().multipliedBy(2).dividedBy(3));
        return pods.list(namespace, MOST_PODS, listing)
                .thenApply(found -> judge(found, namespace, level, end))
                .exceptionally(fault -> List.of("existing pods in namespace \"" + namespace
                        + "\" were not checked against the new enforce level because of a fault"));
    }

    private List<String> judge(ExistingPods.Found found, String namespace, Level level, Deadline end) {
        ExistingPodsReport census = new ExistingPodsReport(namespace, level, found);
        for (Subject subject : oneOfEachOwnerFirst(found.pods())) {
            Pod pod = subject.pod();
            if (pod == null || isOutside(subject, namespace, pod)) {
                census.passedOver();
                continue;
            }
            if (end.isOver()) {
                break;
            }
            CompletableFuture<JudgedPod> judged = judge.judge(
                            pod, namespace, Set.of(level), container -> false, Deadline.passed())
                    .toCompletableFuture();
            JudgedPod known = judged.getNow(null);
            if (known == null) {
                census.notVerified();
            } else {
                count(
                        census,
                        subject,
                        known.findings(level).stream().filter(known::denies).toList());
            }
        }
        return census.warnings();
    }

    private static void count(ExistingPodsReport census, Subject subject, List<Finding> denying) {
        List<Finding> certain =
                denying.stream().filter(finding -> !isNotYetKnown(finding)).toList();
        if (!certain.isEmpty()) {
            census.denied(subject, certain);
        } else if (!denying.isEmpty()) {
            census.notVerified();
        } else {
            census.allowed();
        }
    }

    /** What memory says of an image that it does not hold. */
    private static boolean isNotYetKnown(Finding finding) {
        return finding.cause() == UnknownCause.TIMEOUT;
    }

    /** Nobody will judge it, or make it again. */
    private boolean isOutside(Subject subject, String namespace, Pod pod) {
        ObjectMeta meta = subject.meta();
        return meta.deleting() || meta.mirror() || judge.settings().exemptions().reason(namespace, null, pod) != null;
    }

    private static List<Subject> oneOfEachOwnerFirst(List<Subject> pods) {
        List<Subject> ordered = new ArrayList<>(pods.size());
        List<Subject> others = new ArrayList<>();
        Set<ObjectMeta.Owner> seen = new HashSet<>();
        for (Subject pod : pods) {
            ObjectMeta.Owner owner = pod.meta().controller();
            (owner == null || seen.add(owner) ? ordered : others).add(pod);
        }
        ordered.addAll(others);
        return ordered;
    }
}
