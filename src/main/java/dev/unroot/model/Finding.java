package dev.unroot.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing to say about a pod.
 *
 * @param check the id of the check, {@code imageUser}; advice has ids of its own
 * @param container whom it is about; null for the pod as a whole
 * @param path the field that decided it
 * @param clause what is so, following the container's title: {@code runs as root: image X sets no USER}
 * @param fix what to do, one or two sentences without the last full stop
 * @param confidence of the image fact behind it; null where there is none
 * @param cause why the image could not tell; null where the finding does not rest on that
 */
public record Finding(
        String check,
        FindingKind kind,
        @Nullable Container container,
        FieldPath path,
        String clause,
        String fix,
        @Nullable Confidence confidence,
        @Nullable UnknownCause cause) {

    /** The id of the advice that says since when an image that a verdict rests on has not been heard of. */
    public static final String STALE_IMAGE = "staleImage";

    public static Finding of(
            String check, FindingKind kind, @Nullable Container container, FieldPath path, String clause, String fix) {
        return new Finding(check, kind, container, path, clause, fix, null, null);
    }

    /** The same, resting on an image fact. */
    public Finding with(Confidence imageConfidence) {
        return new Finding(check, kind, container, path, clause, fix, imageConfidence, cause);
    }

    /** The same with a longer clause. */
    public Finding withMore(String added) {
        return added.isEmpty()
                ? this
                : new Finding(check, kind, container, path, clause + added, fix, confidence, cause);
    }

    /** Whether it says that a verdict rests on an old answer, which is never left out for want of room. */
    public boolean tellsOfStaleImage() {
        return check.equals(STALE_IMAGE);
    }

    /** Whom it is about: {@code container "web"}, or {@code pod}. */
    public String title() {
        return container == null ? "pod" : container.title();
    }

    /** By {@link #title}, in order. */
    public static Map<String, List<Finding>> byTitle(List<Finding> findings) {
        Map<String, List<Finding>> grouped = new LinkedHashMap<>();
        for (Finding finding : findings) {
            grouped.computeIfAbsent(finding.title(), title -> new ArrayList<>(2))
                    .add(finding);
        }
        return grouped;
    }

    /** The whole of it in one line: whom, what, and how to mend it. */
    public String message() {
        return title() + " " + clause + ". " + fix + ".";
    }

    /** {@link #message()} without the title, for a list under it. */
    public String body() {
        return clause + ". " + fix + ".";
    }
}
