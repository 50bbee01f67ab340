package dev.unroot.model;

import dev.unroot.common.Text;

/**
 * One container of a pod.
 *
 * @param image the image as written; empty where the manifest leaves it out
 * @param path where the container stands, {@code spec.initContainers[1]}
 * @param written its own securityContext
 * @param effective that merged with the pod's
 */
public record Container(
        ContainerType type,
        String name,
        String image,
        FieldPath path,
        SecurityContext written,
        EffectiveContext effective) {

    /** {@code init container "setup"}: how messages begin. */
    public String title() {
        return type.noun() + " " + Text.quote(name);
    }

    /** The field of this container's own securityContext. */
    public FieldPath securityField(String field) {
        return path.child("securityContext").child(field);
    }
}
