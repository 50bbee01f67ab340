package dev.unroot.webhook;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The resources that metrics tell apart. All others are {@link #OTHER}: a stranger's resource makes no new series. */
enum ResourceLabel {
    PODS,
    PODTEMPLATES,
    REPLICATIONCONTROLLERS,
    REPLICASETS,
    DEPLOYMENTS,
    STATEFULSETS,
    DAEMONSETS,
    JOBS,
    CRONJOBS,
    NAMESPACES,
    OTHER;

    private static final Map<String, ResourceLabel> BY_LABEL = new HashMap<>();

    static {
        for (ResourceLabel resource : values()) {
            BY_LABEL.put(resource.label, resource);
        }
    }

    private final String label = name().toLowerCase(Locale.ROOT);

    String label() {
        return label;
    }

    /** @param plural as in a request's {@code resource} */
    static ResourceLabel of(String plural) {
        return BY_LABEL.getOrDefault(plural, OTHER);
    }
}
