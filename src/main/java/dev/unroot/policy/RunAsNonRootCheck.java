package dev.unroot.policy;

import static dev.unroot.model.FindingKind.VIOLATION;

import dev.unroot.model.Container;
import dev.unroot.model.FieldPath;
import dev.unroot.model.Finding;
import dev.unroot.model.Level;
import java.util.function.Consumer;

/**
 * {@code explicit}: runAsNonRoot is written out.
 *
 * <p>Restricted fields: {@code spec.securityContext.runAsNonRoot},
 * {@code spec.[init|ephemeral]containers[*].securityContext.runAsNonRoot}. Allowed: true; unset for a container where the
 * pod says true. A pod's false is refused even where every container says true.
 * Source: pod-security-admission {@code check_runAsNonRoot.go}.
 */
final class RunAsNonRootCheck implements Check {
    private static final String FIELD = "runAsNonRoot";

    @Override
    public String id() {
        return FIELD;
    }

    @Override
    public void judge(Judgement judgement, Consumer<Finding> findings) {
        if (!judgement.atLeast(Level.EXPLICIT) || judgement.userChecksLifted()) {
            return;
        }
        Boolean podSays = judgement.pod().securityContext().runAsNonRoot();
        if (Boolean.FALSE.equals(podSays)) {
            FieldPath path = judgement.pod().path().child("securityContext").child(FIELD);
            findings.accept(Finding.of(
                    id(),
                    VIOLATION,
                    null,
                    path,
                    "may run containers as root: " + path + " is false",
                    "Set it to true"));
        }
        for (Container container : judgement.pod().containers()) {
            Boolean containerSays = container.written().runAsNonRoot();
            FieldPath path = container.securityField(FIELD);
            if (Boolean.FALSE.equals(containerSays)) {
                findings.accept(Finding.of(
                        id(), VIOLATION, container, path, "may run as root: " + path + " is false", "Set it to true"));
            } else if (containerSays == null && podSays == null) {
                findings.accept(Finding.of(
                        id(),
                        VIOLATION,
                        container,
                        path,
                        "may run as root: neither it nor the pod sets runAsNonRoot",
                        "Set securityContext.runAsNonRoot: true on the pod or the container"));
            }
        }
    }
}
