package dev.unroot.registry.layer;

import org.jspecify.annotations.Nullable;

/** Puts the findings of an image's layers together, from the top one down, until it is clear what passwd they make. */
public final class PasswdSearch {
    private @Nullable PasswdFile pending;
    private @Nullable PasswdFile answer;

    /**
     * Takes the next lower layer's findings.
     *
     * @return true where no further layer can change the answer
     */
    public boolean add(LayerFindings layer) {
        if (pending == null) {
            if (layer.ambiguity() != null) {
                answer = new PasswdFile.Unclear(layer.ambiguity());
            } else if (layer.passwd() != null) {
                pending = new PasswdFile.Found(layer.passwd());
            } else if (layer.hidesPasswd()) {
                pending = new PasswdFile.None();
            }
        } else if (layer.ambiguity() != null) {
            // Found already, but below a directory that this layer may have made a link.
            answer = new PasswdFile.Unclear(layer.ambiguity());
        }
        if (answer == null && pending != null && (layer.etcIsDirectory() || layer.etcIsGone())) {
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
