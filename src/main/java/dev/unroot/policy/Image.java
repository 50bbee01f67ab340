package dev.unroot.policy;

import dev.unroot.common.Text;
import dev.unroot.model.Container;
import dev.unroot.model.ImageReference;

/** A container's image as messages name it: in full, {@code docker.io/library/nginx:1.27}. */
record Image(Container container) {
    ImageReference reference() {
        return ImageReference.parse(container.image());
    }

    @Override
    public String toString() {
        try {
            return reference().toString();
        } catch (IllegalArgumentException e) {
            return Text.quote(container.image());
        }
    }
}
