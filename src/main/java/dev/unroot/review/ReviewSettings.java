package dev.unroot.review;

import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Level;

/**
 * What the operator decides about admission.
 *
 * @param defaults the modes of a namespace without labels
 * @param floor no namespace enforces less
 * @param templates the kinds that make pods
 * @param enforceWorkloads controllers may be denied too, not only warned about
 */
public record ReviewSettings(
        JudgeSettings judging, Modes defaults, Level floor, PodTemplates templates, boolean enforceWorkloads) {
    /** What is so where the operator says nothing. */
    public static final ReviewSettings DEFAULT = new ReviewSettings(
            JudgeSettings.DEFAULT,
            new Modes(Level.NONE, Level.HARDENED, Level.HARDENED),
            Level.NONE,
            PodTemplates.BUILT_IN,
            false);

    /** The same with another enforced default. */
    public ReviewSettings enforcing(Level level) {
        return new ReviewSettings(judging, defaults.enforcing(level), floor, templates, enforceWorkloads);
    }

    /** The same with pods judged otherwise. */
    public ReviewSettings with(JudgeSettings other) {
        return new ReviewSettings(other, defaults, floor, templates, enforceWorkloads);
    }
}
