package dev.unroot.review;

import dev.unroot.common.Text;
import dev.unroot.model.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a namespace's {@code unroot.dev/*} labels. */
public final class ModeLabels {
    /** What every label of Unroot's begins with. */
    public static final String PREFIX = "unroot.dev/";

    private ModeLabels() {}

    /**
     * What labels mean in a namespace.
     *
     * @param error what is wrong with them, for the audit log; null where nothing is
     */
    public record Reading(Modes modes, @Nullable String error) {}

    /**
     * The modes in force. A value that is no level reads as the strictest for enforce and as none for warn and audit:
     * a typing error must not open a namespace, nor flood it.
     */
    public static Reading read(Map<String, String> labels, Modes defaults, Level floor) {
        List<String> errors = new ArrayList<>(0);
        Modes modes = new Modes(
                level(labels, Mode.ENFORCE, defaults.enforce(), Level.EXPLICIT, errors),
                level(labels, Mode.WARN, defaults.warn(), Level.NONE, errors),
                level(labels, Mode.AUDIT, defaults.audit(), Level.NONE, errors));
        return new Reading(modes.atLeast(floor), errors.isEmpty() ? null : String.join("; ", errors));
    }

    private static Level level(
            Map<String, String> labels, Mode mode, Level unlabelled, Level invalid, List<String> errors) {
        String value = labels.get(mode.namespaceLabel());
        if (value == null) {
            return unlabelled;
        }
        return Level.parse(value).orElseGet(() -> {
            errors.add(invalidValue(mode.namespaceLabel(), value) + "; it reads as " + invalid.label());
            return invalid;
        });
    }

    /** What the webhook refuses in a new Namespace with these labels: sentences, without a full stop. */
    public static List<String> refusals(Map<String, String> labels) {
        return introducedErrors(labels, Map.of());
    }

    /** What it warns about there: sentences, without a full stop, for labels under the prefix that mean nothing. */
    public static List<String> remarks(Map<String, String> labels) {
        List<String> remarks = new ArrayList<>(0);
        for (String label : unknown(labels)) {
            remarks.add("label " + label + " means nothing to Unroot: it knows " + Mode.ENFORCE.namespaceLabel() + ", "
                    + Mode.WARN.namespaceLabel() + " and " + Mode.AUDIT.namespaceLabel());
        }
        return remarks;
    }

    /** Sentences, without a full stop, for labels whose value is no level and was not the same before. */
    static List<String> introducedErrors(Map<String, String> labels, Map<String, String> before) {
        List<String> errors = new ArrayList<>(0);
        for (Mode mode : Mode.values()) {
            String label = mode.namespaceLabel();
            String value = labels.get(label);
            if (value != null && Level.parse(value).isEmpty() && !value.equals(before.get(label))) {
                errors.add(invalidValue(label, value));
            }
        }
        return errors;
    }

    /** Labels under the prefix that mean nothing, in order. */
    static List<String> unknown(Map<String, String> labels) {
        List<String> unknown = new ArrayList<>(0);
        for (String label : new TreeSet<>(labels.keySet())) {
            boolean known = false;
            for (Mode mode : Mode.values()) {
                known |= mode.namespaceLabel().equals(label);
            }
            if (!known && label.startsWith(PREFIX)) {
                unknown.add(label);
            }
        }
        return unknown;
    }

    private static String invalidValue(String label, String value) {
        return "label " + label + " is " + Text.quote(value) + ", which is no level: write " + Level.list();
    }
}
