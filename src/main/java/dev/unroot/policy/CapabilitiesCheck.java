package dev.unroot.policy;

import static dev.unroot.model.FindingKind.VIOLATION;

import dev.unroot.common.Text;
import dev.unroot.model.Capabilities;
import dev.unroot.model.Container;
import dev.unroot.model.FieldPath;
import dev.unroot.model.Finding;
import dev.unroot.model.Level;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code hardened}: all capabilities are dropped, and at most NET_BIND_SERVICE is added again.
 *
 * <p>Restricted fields: {@code spec.[init|ephemeral]containers[*].securityContext.capabilities.[drop|add]}. Allowed: drop
 * has {@code ALL}; add is empty or {@code NET_BIND_SERVICE}. Not for {@code os.name: windows}.
 * Runtimes take any letter case, and so does {@code hardened}; {@code explicit} wants the exact strings, as
 * pod-security-admission {@code check_capabilities_restricted.go} does. {@code CAP_ALL} drops nothing.
 */
final class CapabilitiesCheck implements Check {
    private static final String FIELD = "capabilities";
    private static final String ALL = "ALL";
    private static final String ALLOWED = "NET_BIND_SERVICE";

    @Override
    public String id() {
        return FIELD;
    }

    @Override
    public void judge(Judgement judgement, Consumer<Finding> findings) {
        if (!judgement.atLeast(Level.HARDENED) || judgement.pod().saysWindows()) {
            return;
        }
        boolean exact = judgement.atLeast(Level.EXPLICIT);
        for (Container container : judgement.pod().containers()) {
            Capabilities written = container.written().capabilities();
            List<String> drop = written == null ? List.of() : written.drop();
            List<String> add = written == null ? List.of() : written.add();
            if (!holds(drop, ALL, exact)) {
                FieldPath path = container.securityField(FIELD).child("drop");
                String clause = "keeps capabilities: " + path
                        + (drop.isEmpty() ? " is not set" : " is " + list(drop) + ", without ALL");
                findings.accept(Finding.of(id(), VIOLATION, container, path, clause, "Set it to [ALL]"));
            }
            List<String> forbidden = add.isEmpty()
                    ? add
                    : add.stream().filter(name -> !same(name, ALLOWED, exact)).toList();
            if (!forbidden.isEmpty()) {
                FieldPath path = container.securityField(FIELD).child("add");
                String clause = "adds capabilities: " + path + " has " + list(forbidden);
                String fix =
                        "Remove " + (forbidden.size() == 1 ? "it" : "them") + "; only NET_BIND_SERVICE may be added";
                findings.accept(Finding.of(id(), VIOLATION, container, path, clause, fix));
            }
        }
    }

    private static boolean holds(List<String> names, String name, boolean exact) {
        for (String written : names) {
            if (same(written, name, exact)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(String written, String name, boolean exact) {
        return exact ? written.equals(name) : written.equalsIgnoreCase(name);
    }

    private static String list(List<String> names) {
        return names.stream().map(Text::plain).toList().toString();
    }
}
