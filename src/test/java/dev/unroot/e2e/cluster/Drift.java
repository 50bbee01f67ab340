package dev.unroot.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What of an object as it was written is not so in the cluster: what a program that keeps a cluster as a repository says
 * would mend again and again. What the cluster has beyond it (defaults, a status, a caBundle) is nobody's drift.
 */
final class Drift {
    private final List<String> found = new ArrayList<>();

    private Drift() {}

    /** Each place that differs, with both values; empty where all is as it was written. */
    static List<String> between(JsonNode written, JsonNode live) {
        Drift drift = new Drift();
        drift.compare(
                written.path("kind").asText() + " "
                        + written.path("metadata").path("name").asText(),
                written,
                live);
        return drift.found;
    }

    /** The same of several, which are in one order. */
    static List<String> between(List<JsonNode> written, JsonNode live) {
        if (written.size() != live.size()) {
            throw new AssertionError(written.size() + " were written, and there are " + live.size());
        }
        List<String> found = new ArrayList<>();
        for (int index = 0; index < written.size(); index++) {
            found.addAll(between(written.get(index), live.get(index)));
        }
        return found;
    }

    private void compare(String place, JsonNode written, JsonNode live) {
        if (written.isObject() && live.isObject()) {
            for (Iterator<Map.Entry<String, JsonNode>> fields = written.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                compare(place + "." + field.getKey(), field.getValue(), live.path(field.getKey()));
            }
        } else if (written.isArray() && live.isArray() && written.size() == live.size()) {
            for (int index = 0; index < written.size(); index++) {
                compare(place + "[" + index + "]", written.get(index), live.get(index));
            }
        } else if (!written.equals(live)) {
            found.add(place + ": " + written + " became " + live);
        }
    }
}
