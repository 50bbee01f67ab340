package dev.unroot.policy;

import static dev.unroot.model.FindingKind.VIOLATION;

import dev.unroot.model.Container;
import dev.unroot.model.FieldPath;
import dev.unroot.model.Finding;
import dev.unroot.model.Level;
import dev.unroot.model.Setting;
import java.util.function.Consumer;

/**
 * {@code hardened}: no container is given the node.
 *
 * <p>Restricted fields: {@code spec.[init|ephemeral]containers[*].securityContext.privileged}, and
 * {@code windowsOptions.hostProcess} of the pod and of its containers. Allowed: unset, false.
 * Source: pod-security-admission {@code check_privileged.go}, {@code check_windowsHostProcess.go}.
 */
final class PrivilegedCheck implements Check {
    @Override
    public String id() {
        return "privileged";
    }

    @Override
    public void judge(Judgement judgement, Consumer<Finding> findings) {
        if (!judgement.atLeast(Level.HARDENED)) {
            return;
        }
        for (Container container : judgement.pod().containers()) {
            if (Boolean.TRUE.equals(container.written().privileged())) {
                FieldPath path = container.securityField("privileged");
                findings.accept(Finding.of(
                        id(),
                        VIOLATION,
                        container,
                        path,
                        "has all of the node's privileges: " + path + " is true",
                        "Remove it"));
            }
            Setting<Boolean> hostProcess = container.effective().hostProcess();
            if (hostProcess != null && hostProcess.value()) {
                String clause = "runs on the node itself: " + hostProcess.path() + " is true";
                findings.accept(Finding.of(id(), VIOLATION, container, hostProcess.path(), clause, "Remove it"));
            }
        }
    }
}
