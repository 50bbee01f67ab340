package dev.unroot.command;

import dev.unroot.common.ObjectNames;
import dev.unroot.manifest.ManifestLocation;
import dev.unroot.manifest.ManifestResult;
import dev.unroot.model.Level;
import dev.unroot.model.Subject;
import dev.unroot.review.ModeLabels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Namespaces among what is checked, whose labels count for the objects in them, wherever in the input each stands. Of
 * several by one name (an overlay for each environment) the strictest counts: which of them the objects will meet is not known.
 */
final class InputNamespaces {
    private static final String API_VERSION = "v1";
    private static final String KIND = "Namespace";

    private final Map<String, List<Map<String, String>>> labels = new HashMap<>();

    private InputNamespaces() {}

    static InputNamespaces of(List<ManifestResult> inputs) {
        InputNamespaces given = new InputNamespaces();
        for (ManifestResult input : inputs) {
            if (input instanceof ManifestResult.Found found && isNamespace(found.subject())) {
                String name = found.subject().meta().name();
                // What has another name is no namespace that anything can be in.
                if (name != null && ObjectNames.isLabel(name)) {
                    given.labels
                            .computeIfAbsent(name, any -> new ArrayList<>(1))
                            .add(found.subject().meta().labels());
                }
            }
        }
        return given;
    }

    static boolean isNamespace(Subject subject) {
        return subject.kind().equals(KIND) && subject.apiVersion().equals(API_VERSION);
    }

    /** What the webhook would say to whoever creates it: a label that it refuses is an error here. */
    static CheckResult look(ManifestLocation location, Subject namespace) {
        Map<String, String> labels = namespace.meta().labels();
        List<String> refusals = ModeLabels.refusals(labels);
        return refusals.isEmpty()
                ? new CheckResult.Other(location, ModeLabels.remarks(labels))
                : new CheckResult.Unreadable(location, String.join("; ", refusals), null);
    }

    /** @param namespace null for an object that names none, which may be applied to any */
    Level level(@Nullable String namespace, SubjectJudge judging) {
        List<Map<String, String>> given = namespace == null ? null : labels.get(namespace);
        if (given == null) {
            return judging.level(namespace, Map.of());
        }
        Level strictest = Level.NONE;
        for (Map<String, String> one : given) {
            strictest = strictest.max(judging.level(namespace, one));
        }
        return strictest;
    }
}
