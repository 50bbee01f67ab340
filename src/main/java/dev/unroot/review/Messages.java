package dev.unroot.review;

import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Puts findings into words for kubectl's output, warnings and the audit log. */
final class Messages {
    private static final int MOST_ADVICE = 3;
    private static final Comparator<Finding> WORST_FIRST =
            Comparator.comparing(Finding::kind).thenComparing(finding -> !finding.tellsOfStaleImage());

    private Messages() {}

    /** A line per container; several findings about one become a list under its title. */
    static String denial(List<Finding> findings) {
        StringBuilder text = new StringBuilder(256);
        Finding.byTitle(findings).forEach((title, about) -> {
            if (text.length() > 0) {
                text.append('\n');
            }
            append(text, title, about);
        });
        return text.toString();
    }

    private static void append(StringBuilder text, String title, List<Finding> about) {
        if (about.size() == 1) {
            text.append(about.get(0).message());
            return;
        }
        text.append(title).append(':');
        for (Finding finding : about) {
            text.append("\n  - ").append(finding.body());
        }
    }

    /** One line each, the worst first, and at most three pieces of advice; what rests on an old answer is always said. */
    static List<String> warnings(List<Finding> findings) {
        List<String> warnings = new ArrayList<>(findings.size());
        int advice = 0;
        List<Finding> sorted = new ArrayList<>(findings);
        sorted.sort(WORST_FIRST);
        for (Finding finding : sorted) {
            if (finding.kind() != FindingKind.ADVICE || finding.tellsOfStaleImage() || advice++ < MOST_ADVICE) {
                warnings.add(finding.message());
            }
        }
        return warnings;
    }
}
