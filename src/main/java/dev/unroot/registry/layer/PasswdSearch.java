package dev.unroot.registry.layer;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the findings of an image's layers together, from the top one down, until it is clear what passwd they make.
 *
 * <p>A whiteout of {@code /etc} ends what the kernel sees of lower layers, also where a layer above makes the directory
 * again. containerd since 2.3 ({@code internal/fsview}) looks for each name in one layer after the other, and there goes
 * on to the next: in that layer nothing is at {@code etc/passwd}. So it hides a passwd for certain only where there is none
 * below, or no directory above.
 */
public final class PasswdSearch {
    private @Nullable PasswdFile pending;
    private @Nullable PasswdFile answer;
    private Set<String> unsettled = Set.of();
    private boolean etcIsAbove;
    /** A whiteout of /etc was passed below a layer that may make it again. */
    private boolean seenThrough;

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
        etcIsAbove |= layer.makesEtc();
        if (layer.ambiguity() != null) {
            // Also where passwd is found already: what is above it may be a link of this layer.
            answer = new PasswdFile.Unclear(layer.ambiguity());
        } else if (seenThrough && layer.passwd() != null) {
            answer = new PasswdFile.Unclear("one layer removes its /etc and another makes it again");
        } else if (pending == null && layer.passwd() != null) {
            pending = new PasswdFile.Found(layer.passwd());
        } else if ((pending == null || seenThrough) && layer.hidesPasswd()) {
            pending = new PasswdFile.None();
            seenThrough = layer.removesEtc() && etcIsAbove;
        }
        unsettled = layer.unsettled();
        if (answer == null && pending != null && !seenThrough && unsettled.isEmpty()) {
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
