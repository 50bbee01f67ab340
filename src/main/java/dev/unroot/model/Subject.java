package dev.unroot.model;

import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes object as far as Unroot looks at it.
 *
 * @param pod the pod it is or makes; null for an object that makes none (a Namespace, a Service)
 */
public record Subject(
        String apiVersion,
        String kind,
        ObjectMeta meta,
        @Nullable Pod pod) {
    public boolean isPod() {
        return "Pod".equals(kind) && apiVersion.indexOf('/') < 0;
    }
}
