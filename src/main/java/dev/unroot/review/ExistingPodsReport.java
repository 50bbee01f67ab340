package dev.unroot.review;

import dev.unroot.common.Text;
import dev.unroot.model.Finding;
import dev.unroot.model.Level;
import dev.unroot.model.ObjectMeta;
import dev.unroot.model.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what existing pods come to at a new level, and puts it into warnings: a headline, what was not checked, then one
 * line for each owner and reason, the most pods first.
 */
final class ExistingPodsReport {
    /** API servers pass on 4096 characters of warnings in all. */
    private static final int MOST_LINES = 15;

    private final String namespace;
    private final Level level;
    private final ExistingPods.Found found;
    private final Map<Denied, Integer> denied = new HashMap<>();
    private int checked;
    private int notVerified;

    private record Denied(String owner, String reason) {}

    ExistingPodsReport(String namespace, Level level, ExistingPods.Found found) {
        this.namespace = namespace;
        this.level = level;
        this.found = found;
    }

    /** A pod that nobody judges. */
    void passedOver() {
        checked++;
    }

    void allowed() {
        checked++;
    }

    /** A pod with an image that is not known. */
    void notVerified() {
        notVerified++;
    }

    void denied(Subject pod, List<Finding> findings) {
        checked++;
        Finding first = findings.get(0);
        String more = findings.size() == 1 ? "" : " (and " + (findings.size() - 1) + " more)";
        denied.merge(new Denied(owner(pod.meta()), first.title() + " " + first.clause() + more), 1, Integer::sum);
    }

    private static String owner(ObjectMeta meta) {
        ObjectMeta.Owner owner = meta.controller();
        return owner == null ? "Pod " + Text.plain(meta.displayName()) : owner.kind() + " " + Text.plain(owner.name());
    }

    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!denied.isEmpty()) {
            warnings.add("existing pods in namespace \"" + namespace + "\" violate the new enforce level \""
                    + level.label() + "\"");
        }
        int late = found.pods().size() - checked - notVerified;
        if (late > 0) {
            warnings.add(count(late) + " not checked against the new enforce level for want of time");
        }
        if (found.isCut()) {
            warnings.add("existing pods beyond the first " + found.pods().size()
                    + " were not checked against the new enforce level: Unroot lists no more of a namespace");
        }
        if (notVerified > 0) {
            String whose = notVerified == 1 ? "its" : "their";
            warnings.add(count(notVerified) + " not checked: " + whose + " images are not known yet");
        }
        if (found.problem() != null) {
            warnings.add("existing pods were not all checked against the new enforce level: " + found.problem());
        }
        lines(warnings);
        return warnings;
    }

    private void lines(List<String> warnings) {
        List<Map.Entry<Denied, Integer>> ordered = new ArrayList<>(denied.entrySet());
        ordered.sort(Map.Entry.<Denied, Integer>comparingByValue()
                .reversed()
                .thenComparing(entry -> entry.getKey().owner(), Comparator.naturalOrder())
                .thenComparing(entry -> entry.getKey().reason(), Comparator.naturalOrder()));
        for (Map.Entry<Denied, Integer> entry : ordered) {
            if (ordered.size() > MOST_LINES && warnings.size() >= MOST_LINES) {
                int told = ordered.indexOf(entry);
                warnings.add("and " + (ordered.size() - told) + " more owners or reasons");
                return;
            }
            Denied line = entry.getKey();
            String pods = entry.getValue() == 1 ? "" : " (" + entry.getValue() + " pods)";
            warnings.add(line.owner() + pods + ": " + line.reason());
        }
    }

    private static String count(int pods) {
        return pods == 1 ? "1 existing pod was" : pods + " existing pods were";
    }
}
