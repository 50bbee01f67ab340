package dev.unroot.policy;

import static dev.unroot.model.FindingKind.VIOLATION;

import dev.unroot.model.Account;
import dev.unroot.model.Container;
import dev.unroot.model.FieldPath;
import dev.unroot.model.Finding;
import dev.unroot.model.Level;
import dev.unroot.model.Setting;
import dev.unroot.model.WindowsAccount;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code nonroot}: the uid in force for a container is not 0, nor its Windows user an administrator.
 * {@code explicit}: nor is 0 written anywhere.
 *
 * <p>Restricted fields: {@code spec.securityContext.runAsUser},
 * {@code spec.[init|ephemeral]containers[*].securityContext.runAsUser}. Allowed: unset, 1 and up.
 * Source: pod-security-admission {@code check_runAsUser.go}; kubelet {@code security_context_others.go}.
 */
final class RunAsUserCheck implements Check {
    private static final String FIELD = "runAsUser";
    private static final String FIX =
            "Set it to a uid from 1 to 2147483647 that the image works with, or remove it if the image has a numeric USER";

    @Override
    public String id() {
        return FIELD;
    }

    @Override
    public void judge(Judgement judgement, Consumer<Finding> findings) {
        if (judgement.userChecksLifted()) {
            return;
        }
        if (judgement.pod().mayRunOnWindows(judgement.options().platforms())) {
            judgeWindowsUser(judgement, findings);
        }
        if (judgement.atLeast(Level.EXPLICIT)) {
            judgeWritten(judgement, findings);
        } else {
            for (Container container : judgement.pod().containers()) {
                Setting<Long> inForce = container.effective().runAsUser();
                if (inForce != null) {
                    judge(container, inForce.value(), inForce.path(), findings);
                }
            }
        }
    }

    private void judgeWritten(Judgement judgement, Consumer<Finding> findings) {
        Long podSays = judgement.pod().securityContext().runAsUser();
        if (podSays != null) {
            judge(null, podSays, judgement.pod().path().child("securityContext").child(FIELD), findings);
        }
        for (Container container : judgement.pod().containers()) {
            Long containerSays = container.written().runAsUser();
            if (containerSays != null) {
                judge(container, containerSays, container.securityField(FIELD), findings);
            }
        }
    }

    private void judgeWindowsUser(Judgement judgement, Consumer<Finding> findings) {
        for (Container container : judgement.pod().containers()) {
            Setting<String> userName = container.effective().windowsUserName();
            String administrator = userName == null ? null : WindowsAccount.administrator(userName.value());
            if (userName != null && administrator != null) {
                findings.accept(Finding.of(
                        id(),
                        VIOLATION,
                        container,
                        userName.path(),
                        "runs as " + administrator + ": " + userName.path() + " says so",
                        "Set it to ContainerUser"));
            }
        }
    }

    private void judge(@Nullable Container container, long uid, FieldPath path, Consumer<Finding> findings) {
        String says = path + " is " + uid;
        if (uid == 0) {
            String who = container == null ? "runs containers as root: " : "runs as root: ";
            findings.accept(Finding.of(id(), VIOLATION, container, path, who + says, FIX));
        } else if (uid < 0 || uid > Account.MAX_UID) {
            String clause = "cannot run: " + says + ", outside 0..2147483647";
            findings.accept(Finding.of(id(), VIOLATION, container, path, clause, FIX));
        }
    }
}
