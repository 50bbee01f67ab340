package dev.unroot.policy;

import static dev.unroot.model.FindingKind.VIOLATION;

import dev.unroot.model.Container;
import dev.unroot.model.FieldPath;
import dev.unroot.model.Finding;
import dev.unroot.model.Level;
import java.util.function.Consumer;

/**
 * {@code hardened}: no process gains privileges its parent does not have.
 *
 * <p>Restricted fields: {@code spec.[init|ephemeral]containers[*].securityContext.allowPrivilegeEscalation}. Allowed:
 * false; unset means that no_new_privs is not set. Not for {@code os.name: windows}.
 * Source: pod-security-admission {@code check_allowPrivilegeEscalation.go}.
 */
final class AllowPrivilegeEscalationCheck implements Check {
    private static final String FIELD = "allowPrivilegeEscalation";

    @Override
    public String id() {
        return FIELD;
    }

    @Override
    public void judge(Judgement judgement, Consumer<Finding> findings) {
        if (!judgement.atLeast(Level.HARDENED) || judgement.pod().saysWindows()) {
            return;
        }
        for (Container container : judgement.pod().containers()) {
            Boolean says = container.written().allowPrivilegeEscalation();
            if (!Boolean.FALSE.equals(says)) {
                FieldPath path = container.securityField(FIELD);
                String clause = "may gain privileges: " + path + (says == null ? " is not set" : " is true");
                findings.accept(Finding.of(id(), VIOLATION, container, path, clause, "Set it to false"));
            }
        }
    }
}
