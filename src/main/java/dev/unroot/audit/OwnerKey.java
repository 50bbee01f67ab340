package dev.unroot.audit;

import dev.unroot.model.ObjectMeta;
import dev.unroot.model.Subject;
import java.util.Comparator;

/**
 * Which object it is, whatever version of its API it was read by.
 *
 * @param namespace empty where an object names none
 * @param group of its API; empty for the core's
 */
public record OwnerKey(String namespace, String group, String kind, String name) implements Comparable<OwnerKey> {
    private static final Comparator<OwnerKey> ORDER = Comparator.comparing(OwnerKey::namespace)
            .thenComparing(OwnerKey::kind)
            .thenComparing(OwnerKey::name)
            .thenComparing(OwnerKey::group);

    static OwnerKey of(Subject subject) {
        return new OwnerKey(
                namespaceOf(subject.meta()),
                group(subject.apiVersion()),
                subject.kind(),
                subject.meta().displayName());
    }

    /** An owner is in the namespace of what it owns. */
    static OwnerKey of(ObjectMeta.Owner owner, String namespace) {
        return new OwnerKey(namespace, group(owner.apiVersion()), owner.kind(), owner.name());
    }

    private static String namespaceOf(ObjectMeta meta) {
        return meta.namespace() == null ? "" : meta.namespace();
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    @Override
    public int compareTo(OwnerKey other) {
        return ORDER.compare(this, other);
    }
}
