package dev.unroot.model;

import java.util.Locale;
import java.util.Optional;

/** What is required of a pod. Each level requires all that the ones before it require. */
public enum Level {
    /** Nothing. */
    NONE,
    /** No process starts as uid 0. */
    NONROOT,
    /** {@link #NONROOT}, and nothing that lets a process gain privileges. */
    HARDENED,
    /** {@link #HARDENED}, with the fields written out as the Pod Security Standard "restricted" wants them. */
    EXPLICIT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word used in namespace labels, configuration and output. */
    public String label() {
        return label;
    }

    public boolean includes(Level other) {
        return compareTo(other) >= 0;
    }

    public Level max(Level other) {
        return includes(other) ? this : other;
    }

    /** The level with exactly this label; empty for any other text (letter case counts, as it does in PSA's labels). */
    public static Optional<Level> parse(String text) {
        for (Level level : values()) {
            if (level.label.equals(text)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    /** The labels of all levels as a person would list them. */
    public static String list() {
        return "none, nonroot, hardened or explicit";
    }
}
