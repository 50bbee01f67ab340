package dev.unroot.policy;

import dev.unroot.model.Container;
import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Level;
import dev.unroot.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Judges pods. */
public final class Policy {
    /** Every check, in the order in which findings about one container are told. */
    private static final List<Check> CHECKS = List.of(
            new RunAsNonRootCheck(),
            new RunAsUserCheck(),
            new ImageUserCheck(),
            new AllowPrivilegeEscalationCheck(),
            new CapabilitiesCheck(),
            new PrivilegedCheck(),
            new UserNamespacesCheck());

    /** The checks that a user namespace lifts. */
    private static final Set<String> ABOUT_USERS = Set.of("runAsNonRoot", "runAsUser", "imageUser");

    private Policy() {}

    /**
     * All there is to say about a pod at a level, check by check.
     *
     * @param images the facts of a container's image; only asked where {@link ImageNeed} is not NONE
     * @param advises false where advice may be left out; what tells of a stale image never is
     */
    public static List<Finding> judge(
            Level level, Pod pod, Function<Container, ImageFacts> images, PolicyOptions options, boolean advises) {
        if (level == Level.NONE) {
            return List.of();
        }
        Judgement judgement = new Judgement(level, pod, images, options, advises);
        List<Finding> findings = new ArrayList<>(4);
        for (Check check : CHECKS) {
            check.judge(judgement, findings::add);
        }
        String refused = options.refusedUserNamespace(pod);
        if (refused != null) {
            findings.replaceAll(finding -> explained(finding, refused));
        }
        return findings;
    }

    /** What would not be there if {@code hostUsers: false} counted says why it does not. */
    private static Finding explained(Finding finding, String refused) {
        boolean trouble = finding.kind() == FindingKind.VIOLATION || finding.kind() == FindingKind.UNVERIFIED;
        return trouble && ABOUT_USERS.contains(finding.check())
                ? finding.withMore("; hostUsers: false does not count, since " + refused)
                : finding;
    }

    /** The ids of all checks, in order. */
    public static List<String> checkIds() {
        return CHECKS.stream().map(Check::id).toList();
    }
}
