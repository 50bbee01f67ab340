package dev.unroot.review;

import dev.unroot.model.Level;

/** The levels in force in a namespace. */
public record Modes(Level enforce, Level warn, Level audit) {
    public static final Modes NONE = new Modes(Level.NONE, Level.NONE, Level.NONE);

    /** With another enforced level. */
    public Modes enforcing(Level level) {
        return new Modes(level, warn, audit);
    }

    /** With the enforced level raised to the floor where it is lower. */
    public Modes atLeast(Level floor) {
        return enforcing(enforce.max(floor));
    }
}
