package dev.unroot.registry.layer;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one layer does to {@code /etc/passwd}.
 *
 * @param ambiguity why runtimes may disagree about the result, a clause that follows {@code but}; null where they agree
 * @param passwd the content it puts there; null where it puts none
 * @param hidesPasswd true where it removes what lower layers put there
 * @param removesEtc true where it does so by nothing but a whiteout of {@code /etc}: where a layer above makes that
 *     directory again, some runtimes still see the files of those below
 * @param makesEtc true where it may hold {@code /etc} or something in it
 * @param unsettled names that must be no links in the layers below, or the rest may not hold; of layers above too
 */
// Arrays compare by identity; nothing compares findings.
@SuppressWarnings("ArrayRecordComponent")
public record LayerFindings(
        @Nullable String ambiguity,
        byte @Nullable [] passwd,
        boolean hidesPasswd,
        boolean removesEtc,
        boolean makesEtc,
        Set<String> unsettled) {
    public LayerFindings {
        unsettled = Set.copyOf(unsettled);
    }

    /** Of a layer that nobody can look into. */
    public static LayerFindings unreadable(String why) {
        return new LayerFindings(why, null, false, false, false, Set.of());
    }

    /** The same, but for a reason to doubt it. */
    public LayerFindings unclear(String why) {
        return new LayerFindings(why, passwd, hidesPasswd, removesEtc, makesEtc, unsettled);
    }
}
