package dev.unroot.review;

import dev.unroot.common.Glob;
import dev.unroot.model.Container;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Pod;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What nobody judges. Namespace, then user name, then RuntimeClass, as PSA has them; and single images. */
public record Exemptions(Set<String> namespaces, Set<String> usernames, Set<String> runtimeClasses, List<Glob> images) {
    public static final Exemptions NONE = new Exemptions(Set.of(), Set.of(), Set.of(), List.of());

    public Exemptions {
        namespaces = Set.copyOf(namespaces);
        usernames = Set.copyOf(usernames);
        runtimeClasses = Set.copyOf(runtimeClasses);
        images = List.copyOf(images);
    }

    /** Why a pod is exempt as a whole, {@code namespace}, {@code user} or {@code runtimeClass}; null where it is not. */
    public @Nullable String reason(@Nullable String namespace, @Nullable String username, Pod pod) {
        if (namespace != null && namespaces.contains(namespace)) {
            return "namespace";
        }
        if (username != null && usernames.contains(username)) {
            return "user";
        }
        return pod.runtimeClassName() != null && runtimeClasses.contains(pod.runtimeClassName())
                ? "runtimeClass"
                : null;
    }

    /** The pod without containers whose image is exempt. A reference that cannot be read is not. */
    public Pod withoutExemptImages(Pod pod) {
        return images.isEmpty() ? pod : pod.without(this::isExempt);
    }

    private boolean isExempt(Container container) {
        try {
            String name = ImageReference.parse(container.image()).name();
            return images.stream().anyMatch(glob -> glob.matches(name));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
