package dev.unroot.manifest;

import dev.unroot.model.EffectiveContext;
import dev.unroot.model.FieldPath;
import dev.unroot.model.SecurityContext;
import dev.unroot.model.Setting;
import dev.unroot.model.WindowsOptions;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Merges a pod's securityContext with a container's: field by field, the container's wins where it is set.
 *
 * <p>Source: Kubernetes {@code pkg/securitycontext/util.go}, {@code DetermineEffectiveSecurityContext}.
 */
final class EffectiveContexts {
    private final SecurityContext pod;
    private final FieldPath podPath;

    EffectiveContexts(SecurityContext pod, FieldPath specPath) {
        this.pod = pod;
        this.podPath = specPath.child("securityContext");
    }

    EffectiveContext of(SecurityContext container, FieldPath containerPath) {
        FieldPath path = containerPath.child("securityContext");
        return new EffectiveContext(
                merge(container, path, "runAsNonRoot", SecurityContext::runAsNonRoot),
                merge(container, path, "runAsUser", SecurityContext::runAsUser),
                merge(container, path, "windowsOptions.runAsUserName", context -> {
                    WindowsOptions options = context.windowsOptions();
                    return options == null ? null : options.runAsUserName();
                }),
                merge(container, path, "windowsOptions.hostProcess", context -> {
                    WindowsOptions options = context.windowsOptions();
                    return options == null ? null : options.hostProcess();
                }));
    }

    private <T> @Nullable Setting<T> merge(
            SecurityContext container,
            FieldPath containerPath,
            String field,
            Function<SecurityContext, @Nullable T> get) {
        T own = get.apply(container);
        if (own != null) {
            return new Setting<>(own, containerPath.child(field));
        }
        T inherited = get.apply(pod);
        return inherited == null ? null : new Setting<>(inherited, podPath.child(field));
    }
}
