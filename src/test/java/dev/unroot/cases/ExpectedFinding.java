package dev.unroot.cases;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A finding that a case expects.
 *
 * @param kind {@code violation}, {@code unverified}, {@code will-not-start}, {@code advice}
 * @param container null for one about the pod as a whole
 * @param message the whole text; null where the case does not care
 * @param fix likewise
 */
record ExpectedFinding(
        String check,
        String kind,
        @Nullable String container,
        String path,
        @Nullable String message,
        @Nullable String fix) {

    static ExpectedFinding of(CaseFields fields) {
        ExpectedFinding finding = new ExpectedFinding(
                fields.text("check"),
                fields.text("kind"),
                fields.textOrNull("container"),
                fields.text("path"),
                fields.textOrNull("message"),
                fields.textOrNull("fix"));
        fields.nothingElse();
        return finding;
    }

    /** What is found but not expected, and what is expected but not found; empty where they are the same. */
    static List<String> differences(List<ExpectedFinding> expected, List<ExpectedFinding> found) {
        List<ExpectedFinding> extra = new ArrayList<>(found);
        List<String> differences = new ArrayList<>();
        // The pickiest first, lest a less picky twin takes what only it can be satisfied with.
        expected.stream()
                .sorted(Comparator.comparing(finding -> finding.message == null && finding.fix == null))
                .forEach(wanted -> extra.stream()
                        .filter(wanted::isMetBy)
                        .findFirst()
                        .ifPresentOrElse(extra::remove, () -> differences.add("missing: " + wanted)));
        extra.forEach(finding -> differences.add("extra: " + finding));
        return differences;
    }

    private boolean isMetBy(ExpectedFinding found) {
        return check.equals(found.check)
                && kind.equals(found.kind)
                && java.util.Objects.equals(container, found.container)
                && path.equals(found.path)
                && (message == null || message.equals(found.message))
                && (fix == null || fix.equals(found.fix));
    }

    /** The same with its words changed. */
    ExpectedFinding with(UnaryOperator<String> change) {
        return new ExpectedFinding(
                check,
                kind,
                container,
                path,
                message == null ? null : change.apply(message),
                fix == null ? null : change.apply(fix));
    }

    /** The same without the words, for a runner whose source of images words a failure differently. */
    ExpectedFinding anyWords() {
        return new ExpectedFinding(check, kind, container, path, null, null);
    }
}
