package dev.unroot.manifest;

import dev.unroot.model.FieldPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kinds that are or make pods, and where the pod's spec stands in them: Pod, the eight built-in controllers, and
 * whatever the operator adds. Versions within a group do not matter: the field never moved.
 */
public final class PodTemplates {
    private static final String POD_SPEC = "spec";
    private static final String TEMPLATE = "spec.template";

    /** The built-in kinds, and the apiVersion that each of them has today. */
    static final Map<String, String> API_VERSIONS = Map.of(
            "Pod", "v1",
            "PodTemplate", "v1",
            "ReplicationController", "v1",
            "ReplicaSet", "apps/v1",
            "Deployment", "apps/v1",
            "StatefulSet", "apps/v1",
            "DaemonSet", "apps/v1",
            "Job", "batch/v1",
            "CronJob", "batch/v1");

    /** The kinds every cluster has. */
    public static final PodTemplates BUILT_IN = new PodTemplates(List.of());

    private final Map<GroupKind, Place> places = new HashMap<>();
    private final List<Custom> custom;

    /** @param custom kinds beyond the built-in ones; a template's own spec is its field {@code spec} */
    public PodTemplates(List<Custom> custom) {
        this.custom = List.copyOf(custom);
        put("", "Pod", POD_SPEC, true);
        put("", "PodTemplate", "template.spec", true);
        put("", "ReplicationController", TEMPLATE + ".spec", true);
        for (String kind : List.of("ReplicaSet", "Deployment", "StatefulSet", "DaemonSet")) {
            put("apps", kind, TEMPLATE + ".spec", true);
            put("extensions", kind, TEMPLATE + ".spec", true);
        }
        put("batch", "Job", TEMPLATE + ".spec", true);
        put("batch", "CronJob", "spec.jobTemplate.spec.template.spec", true);
        for (Custom kind : custom) {
            String group = new TypeMeta(kind.apiVersion(), kind.kind()).group();
            put(group, kind.kind(), kind.podTemplate() + ".spec", false);
        }
    }

    private void put(String group, String kind, String path, boolean always) {
        places.put(new GroupKind(group, kind), new Place(List.of(path.split("\\.")), FieldPath.of(path), always));
    }

    /** Where the pod's spec stands in objects of this type; null where there is none. */
    @Nullable
    Place find(TypeMeta type) {
        return places.get(new GroupKind(type.group(), type.kind()));
    }

    /** True for a type that is or makes pods. */
    public boolean contains(TypeMeta type) {
        return find(type) != null;
    }

    /** The custom kind that a type is but for upper and lower case; null where there is none. */
    @Nullable
    TypeMeta inOtherCase(TypeMeta type) {
        return custom.stream()
                .map(known -> new TypeMeta(known.apiVersion(), known.kind()))
                .filter(known ->
                        known.group().equals(type.group()) && known.kind().equalsIgnoreCase(type.kind()))
                .findFirst()
                .orElse(null);
    }

    /**
     * A kind of the operator's that makes pods.
     *
     * @param podTemplate dotted path of its pod template: {@code spec.template}
     */
    public record Custom(String apiVersion, String kind, String podTemplate) {}

    /**
     * Where a pod's spec stands.
     *
     * @param fields those to descend through
     * @param path the same, for messages
     * @param always an object that leaves it out has an empty one
     */
    record Place(List<String> fields, FieldPath path, boolean always) {}

    private record GroupKind(String group, String kind) {}
}
