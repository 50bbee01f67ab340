package dev.unroot.model;

import org.jspecify.annotations.Nullable;

/**
 * The judged part of a securityContext as written, of a pod or of a container; null where a field is unset.
 * A pod's has no {@code allowPrivilegeEscalation}, {@code privileged} and {@code capabilities}.
 *
 * @param runAsUser a uid; an API server refuses anything outside 0..2147483647, a file may hold it all the same
 */
public record SecurityContext(
        @Nullable Boolean runAsNonRoot,
        @Nullable Long runAsUser,
        @Nullable WindowsOptions windowsOptions,
        @Nullable Boolean allowPrivilegeEscalation,
        @Nullable Boolean privileged,
        @Nullable Capabilities capabilities) {
    public static final SecurityContext EMPTY = new SecurityContext(null, null, null, null, null, null);
}
