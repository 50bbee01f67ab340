package dev.unroot.command;

import dev.unroot.common.Deadline;
import dev.unroot.common.Failures;
import dev.unroot.manifest.ManifestLocation;
import dev.unroot.manifest.ManifestResult;
import dev.unroot.model.Finding;
import dev.unroot.model.Level;
import dev.unroot.model.Pod;
import dev.unroot.model.Subject;
import dev.unroot.review.JudgedPod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges what the manifests hold, one object at a time. */
final class SubjectChecker {
    private final SubjectJudge judging;
    private final @Nullable Level level;
    private final InputNamespaces namespaces;

    /**
     * @param level for every namespace, exempt ones included; null to take what is enforced there
     * @param namespaces that are in what is checked
     */
    SubjectChecker(SubjectJudge judging, @Nullable Level level, InputNamespaces namespaces) {
        this.judging = judging;
        this.level = level;
        this.namespaces = namespaces;
    }

    CheckResult check(ManifestResult input) {
        if (input instanceof ManifestResult.Unreadable unreadable) {
            return new CheckResult.Unreadable(unreadable.location(), unreadable.message(), null);
        }
        if (input instanceof ManifestResult.NotJudged unknown) {
            return notJudged(unknown);
        }
        Subject subject = ((ManifestResult.Found) input).subject();
        Pod pod = subject.pod();
        if (pod == null) {
            return InputNamespaces.isNamespace(subject)
                    ? InputNamespaces.look(input.location(), subject)
                    : new CheckResult.Other(input.location(), List.of());
        }
        try {
            return judge(input.location(), subject, pod);
        } catch (RuntimeException | StackOverflowError e) {
            Throwable fault = Failures.unwrapped(e);
            return new CheckResult.Unreadable(input.location(), "internal fault: " + fault, fault);
        }
    }

    private static CheckResult notJudged(ManifestResult.NotJudged unknown) {
        return new CheckResult.NotJudged(unknown.location(), unknown.subject(), unknown.message());
    }

    private CheckResult judge(ManifestLocation location, Subject subject, Pod pod) {
        String namespace = subject.meta().namespace();
        String exemption = level == null ? judging.exemption(namespace, pod) : null;
        if (exemption != null) {
            return new CheckResult.Judged(location, subject, Level.NONE, true, exemption, List.of());
        }
        Level required = level == null ? namespaces.level(namespace, judging) : level;
        JudgedPod judged = judging.judge()
                .judge(pod, namespace, List.of(required), container -> false, Deadline.in(judging.timeLimit()))
                .toCompletableFuture()
                .join();
        List<Finding> findings = judged.findings(required);
        if (findings.isEmpty() && pod.containers().isEmpty()) {
            return notJudged(ManifestResult.NotJudged.withoutContainers(location, subject, pod.path()));
        }
        boolean allowed = findings.stream().noneMatch(judged::denies);
        return new CheckResult.Judged(location, subject, required, allowed, null, findings);
    }
}
