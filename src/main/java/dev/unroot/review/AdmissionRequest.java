package dev.unroot.review;

import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Subject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an API server asks, as far as a review needs it.
 *
 * @param resource plural, {@code pods}
 * @param subresource {@code ephemeralcontainers}; empty for the object itself
 * @param namespace empty for cluster-scoped objects
 * @param object after the change; null for DELETE and CONNECT
 * @param oldObject before it; null for CREATE and CONNECT
 * @param enforced whether it was sent as from a namespace that enforces, as far as the API server knows
 */
public record AdmissionRequest(
        TypeMeta type,
        String resource,
        String subresource,
        String namespace,
        String operation,
        String username,
        List<String> groups,
        @Nullable Subject object,
        @Nullable Subject oldObject,
        boolean enforced) {
    private static final String NODES_GROUP = "system:nodes";

    /** The same, sent as from a namespace that enforces. */
    public AdmissionRequest sentAsEnforced() {
        return new AdmissionRequest(
                type, resource, subresource, namespace, operation, username, groups, object, oldObject, true);
    }

    public boolean isCreate() {
        return operation.equals("CREATE");
    }

    public boolean isUpdate() {
        return operation.equals("UPDATE");
    }

    public boolean isByNode() {
        return groups.contains(NODES_GROUP);
    }
}
