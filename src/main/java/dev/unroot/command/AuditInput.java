package dev.unroot.command;

import dev.unroot.audit.Inventory;
import dev.unroot.manifest.ManifestResult;
import dev.unroot.model.Subject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts what was read of a cluster into an inventory. */
final class AuditInput {
    private final Inventory inventory = new Inventory();
    private final Set<String> namespaces;
    private boolean unreadable;

    /** @param namespaces those that are wanted; empty for all */
    AuditInput(Set<String> namespaces) {
        this.namespaces = namespaces;
    }

    /** Another thing that was read; what to say of it on standard error, null for nothing. */
    @Nullable
    String add(ManifestResult result) {
        if (result instanceof ManifestResult.Found found) {
            if (isWanted(found.subject())) {
                inventory.add(found.subject());
            }
            return null;
        }
        if (result instanceof ManifestResult.NotJudged unknown) {
            return unknown.location() + ": " + unknown.message();
        }
        unreadable = true;
        return result.location() + ": " + ((ManifestResult.Unreadable) result).message();
    }

    private boolean isWanted(Subject subject) {
        boolean isNamespace = InputNamespaces.isNamespace(subject);
        String namespace = isNamespace ? subject.meta().name() : subject.meta().namespace();
        return namespaces.isEmpty() || (namespace != null && namespaces.contains(namespace));
    }

    Inventory inventory() {
        return inventory;
    }

    /** Whether something could not be read. */
    boolean unreadable() {
        return unreadable;
    }
}
