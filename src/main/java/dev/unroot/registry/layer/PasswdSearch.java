package dev.unroot.registry.layer;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the findings of an image's layers together, from the top one down, until it is clear what passwd they make. */
public final class PasswdSearch {
    private @Nullable PasswdFile pending;
    private @Nullable PasswdFile answer;
    private Set<String> unsettled = Set.of();

    /** Names that must be no links in the next lower layer, where its scan has to look at them. */
    public Set<String> unsettled() {
        return unsettled;
    }

    /**
     * Takes the next lower layer's findings.
     *
     * @return true where no further layer can change the answer
     */
    public boolean add(LayerFindings layer) {
        if (layer.ambiguity() != null) {
            // Also where passwd is found already: what is above it may be a link of this layer.
            answer = new PasswdFile.Unclear(layer.ambiguity());
        } else if (pending == null && layer.passwd() != null) {
            pending = new PasswdFile.Found(layer.passwd());
        } else if (pending == null && layer.hidesPasswd()) {
            pending = new PasswdFile.None();
        }
        unsettled = layer.unsettled();
        if (answer == null && pending != null && unsettled.isEmpty()) {
            answer = pending;
        }
        return answer != null;
    }

    /** What all layers given make; without any, an image that has no passwd. */
    public PasswdFile result() {
        if (answer != null) {
            return answer;
        }
        return pending != null ? pending : new PasswdFile.None();
    }
}
