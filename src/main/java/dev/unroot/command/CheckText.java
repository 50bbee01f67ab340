package dev.unroot.command;

import dev.unroot.common.Text;
import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** {@code check}'s report for people: a line per object, what was found under it, and a summary. */
final class CheckText implements Report<CheckResult> {
    private static final int VERDICT_WIDTH = "allowed".length();

    private final PrintWriter out;
    private final Palette palette;
    private final int locationWidth;
    private boolean afterDetails;
    private boolean printed;
    private int allowed;
    private int denied;
    private int exempt;
    private int unreadable;
    private int notJudged;
    private int others;

    /** @param locationWidth that of the longest location, for the next column to line up */
    CheckText(PrintWriter out, Palette palette, int locationWidth) {
        this.out = out;
        this.palette = palette;
        this.locationWidth = locationWidth;
    }

    @Override
    public void add(CheckResult result) {
        if (result instanceof CheckResult.Judged judged) {
            printJudged(judged);
        } else if (result instanceof CheckResult.Other) {
            others++;
        } else if (result instanceof CheckResult.NotJudged) {
            notJudged++;
        } else {
            unreadable++;
        }
    }

    private void printJudged(CheckResult.Judged judged) {
        boolean details = !judged.findings().isEmpty();
        if (printed && (details || afterDetails)) {
            out.println();
        }
        printed = true;
        afterDetails = details;
        out.println(
                verdict(judged) + "  " + padded(Text.visible(judged.location().toString()), locationWidth) + "  "
                        + palette.strong(Text.visible(name(judged))) + palette.dim(" (" + standard(judged) + ")"));
        int width = judged.findings().stream()
                .mapToInt(finding -> finding.kind().label().length())
                .max()
                .orElse(0);
        Finding.byTitle(judged.findings()).forEach((title, findings) -> printFindings(title, findings, width));
    }

    private String verdict(CheckResult.Judged judged) {
        if (judged.exemption() != null) {
            exempt++;
            return palette.dim(padded("exempt", VERDICT_WIDTH));
        }
        if (judged.allowed()) {
            allowed++;
            return palette.good("allowed");
        }
        denied++;
        return palette.bad(padded("denied", VERDICT_WIDTH));
    }

    private static String standard(CheckResult.Judged judged) {
        return judged.exemption() == null ? judged.level().label() : judged.exemption();
    }

    private static String name(CheckResult.Judged judged) {
        String namespace = judged.subject().meta().namespace();
        String prefix = namespace == null || namespace.isEmpty() ? "" : namespace + "/";
        return judged.subject().kind() + " " + prefix + judged.subject().meta().displayName();
    }

    private void printFindings(String title, List<Finding> findings, int width) {
        boolean adviceOnly = findings.stream().allMatch(finding -> finding.kind() == FindingKind.ADVICE);
        String heading = "  " + Text.visible(title);
        out.println(adviceOnly ? palette.dim(heading) : heading);
        for (Finding finding : findings) {
            String kind = padded(finding.kind().label(), width);
            String clause = Text.visible(finding.clause()) + " [" + finding.check() + "]";
            String fix = " ".repeat(4 + width) + "  → " + Text.visible(finding.fix()) + ".";
            if (finding.kind() == FindingKind.ADVICE) {
                out.println(palette.dim("    " + kind + "  " + clause));
                out.println(palette.dim(fix));
            } else {
                boolean violation = finding.kind() == FindingKind.VIOLATION;
                out.println("    " + (violation ? palette.bad(kind) : palette.doubtful(kind)) + "  " + clause);
                out.println(fix);
            }
        }
    }

    @Override
    public void end() {
        if (printed) {
            out.println();
        }
        List<String> parts = new ArrayList<>();
        parts.add(allowed + " allowed");
        parts.add(denied + " denied");
        addPart(parts, exempt, " exempt");
        addPart(parts, unreadable, " unreadable");
        addPart(parts, notJudged, " not judged");
        addPart(parts, others, others == 1 ? " other object" : " other objects");
        out.println(palette.strong(String.join(", ", parts)));
    }

    private static void addPart(List<String> parts, int count, String what) {
        if (count > 0) {
            parts.add(count + what);
        }
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
