package dev.unroot.policy;

import dev.unroot.model.Container;
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
        if (level == Level.NONE || (options.relaxForUserNamespaces() && pod.hasUserNamespace())) {
            return NONE;
        }
        boolean pinned = pod.runsOnWindows()
                ? container.effective().windowsUserName() != null
                : container.effective().runAsUser() != null;
        if (pinned) {
            return NONE;
        }
        // At "explicit" the fields must be written out, and once they are the kubelet backs the verdict.
        return container.effective().kubeletRefusesRoot() || level.includes(Level.EXPLICIT) ? ADVISORY : REQUIRED;
    }

    public ImageNeed max(ImageNeed other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
