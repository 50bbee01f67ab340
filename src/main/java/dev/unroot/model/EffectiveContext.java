package dev.unroot.model;

import org.jspecify.annotations.Nullable;

/**
 * What is in force for one container once the pod's securityContext is merged with its own, field by field; null where
 * neither sets it.
 */
public record EffectiveContext(
        @Nullable Setting<Boolean> runAsNonRoot,
        @Nullable Setting<Long> runAsUser,
        @Nullable Setting<String> windowsUserName,
        @Nullable Setting<Boolean> hostProcess) {

    /** True where the kubelet itself refuses to start the container as root. */
    public boolean kubeletRefusesRoot() {
        return runAsNonRoot != null && runAsNonRoot.value();
    }
}
