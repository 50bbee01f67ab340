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

    /** True where a Windows container starts as whom the pod names, whatever its image says. */
    public boolean namesWindowsUser() {
        return windowsUserName != null && !windowsUserName.value().isBlank();
    }

    /** True where a Linux kubelet itself refuses to start the container as root. */
    public boolean kubeletRefusesRoot() {
        return runAsNonRoot != null && runAsNonRoot.value();
    }
}
