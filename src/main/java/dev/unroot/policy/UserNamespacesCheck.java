package dev.unroot.policy;

import dev.unroot.model.FieldPath;
import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import java.util.function.Consumer;

/**
 * Advice for a pod that owes its verdict to {@code hostUsers: false} where no node is known that it can land on. Where one is, it
 * has said that it can, or the checks on the user were not lifted.
 *
 * <p>Source: pod-security-admission {@code relaxPolicyForUserNamespacePod}, unconditional from 1.35; an API server
 * without the feature drops the field, and the pod then runs in the node's user namespace.
 */
final class UserNamespacesCheck implements Check {
    @Override
    public String id() {
        return "userNamespaces";
    }

    @Override
    public void judge(Judgement judgement, Consumer<Finding> findings) {
        if (!judgement.userChecksLifted()
                || judgement.options().userNamespaces().knowsOneFor(judgement.pod())) {
            return;
        }
        FieldPath path = judgement.pod().path().child("hostUsers");
        findings.accept(Finding.of(
                id(),
                FindingKind.ADVICE,
                null,
                path,
                "may run as root in its own user namespace: " + path
                        + " is false, but a cluster without user namespaces drops that field",
                "Set securityContext.runAsNonRoot: true as well if it may run there"));
    }
}
