package dev.unroot.policy;

import dev.unroot.model.Container;
import dev.unroot.model.EffectiveContext;
import dev.unroot.model.Level;
import dev.unroot.model.Pod;

/** How much a container's verdict depends on its image: what makes a registry worth asking. */
public enum ImageNeed {
    /** The fields decide alone. */
    NONE,
    /** The image can only make the message better: what is known is used, a little waiting is allowed, nothing denies. */
    ADVISORY,
    /** Without the image there is no verdict. */
    REQUIRED;

    /** The need of one container at one level. */
    public static ImageNeed of(Container container, Pod pod, Level level, PolicyOptions options) {
        if (level == Level.NONE || options.liftsUserChecks(pod)) {
            return NONE;
        }
        EffectiveContext effective = container.effective();
        if (pod.runsOnWindows()) {
            // No kubelet refuses an image without USER there, whatever runAsNonRoot says: only a name decides.
            return effective.namesWindowsUser() ? NONE : REQUIRED;
        }
        if (effective.runAsUser() != null) {
            return NONE;
        }
        if (effective.kubeletRefusesRoot()) {
            return effective.namesWindowsUser() || !pod.mayRunOnWindows(options.platforms()) ? ADVISORY : REQUIRED;
        }
        // At "explicit" the fields must be written out, and this one is not.
        return level.includes(Level.EXPLICIT) ? ADVISORY : REQUIRED;
    }

    public ImageNeed max(ImageNeed other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
