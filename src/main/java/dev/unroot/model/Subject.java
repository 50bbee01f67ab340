package dev.unroot.model;

import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes object as far as Unroot looks at it.
 *
 * @param pod the pod it is or makes; null for an object that makes none (a Namespace, a Service)
 * @param status of a pod; null for everything else, and where nobody asked for it
 */
public record Subject(
        String apiVersion,
        String kind,
        ObjectMeta meta,
        @Nullable Pod pod,
        @Nullable PodStatus status) {
    /** One whose status nobody asked for. */
    public Subject(String apiVersion, String kind, ObjectMeta meta, @Nullable Pod pod) {
        this(apiVersion, kind, meta, pod, null);
    }

    /** The same with a pod that is equal to its own. */
    public Subject sharing(Pod equal) {
        return new Subject(apiVersion, kind, meta, equal, status);
    }

    public boolean isPod() {
        return "Pod".equals(kind) && apiVersion.indexOf('/') < 0;
    }
}
