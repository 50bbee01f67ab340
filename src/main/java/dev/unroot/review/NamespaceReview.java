package dev.unroot.review;

import dev.unroot.model.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at a Namespace's labels as they are written: the moment when a typing error can still be refused. */
final class NamespaceReview {
    private NamespaceReview() {}

    static Decision review(AdmissionRequest request) {
        Map<String, String> labels = labels(request.object());
        Map<String, String> before = labels(request.oldObject());
        List<String> errors = ModeLabels.introducedErrors(labels, before);
        if (!errors.isEmpty()) {
            return new Decision(String.join(".\n", errors) + ".", List.of(), Map.of(), List.of());
        }
        List<String> warnings = new ArrayList<>(0);
        for (String remark : ModeLabels.remarks(labels)) {
            warnings.add(remark + ".");
        }
        return new Decision(null, warnings, Map.of(), List.of());
    }

    private static Map<String, String> labels(@Nullable Subject namespace) {
        return namespace == null ? Map.of() : namespace.meta().labels();
    }
}
