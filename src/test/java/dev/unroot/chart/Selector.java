package dev.unroot.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** A label selector, evaluated as API servers do: every expression has to match, and NotIn matches a missing label. */
record Selector(JsonNode selector) {
    boolean matches(Map<String, String> labels) {
        for (JsonNode expression : selector.path("matchExpressions")) {
            String value = labels.get(expression.path("key").asText());
            List<String> values = Rendered.texts(expression.path("values"));
            boolean matches =
                    switch (expression.path("operator").asText()) {
                        case "In" -> value != null && values.contains(value);
                        case "NotIn" -> value == null || !values.contains(value);
                        case "Exists" -> value != null;
                        case "DoesNotExist" -> value == null;
                        default -> throw new AssertionError("no operator: " + expression);
                    };
            if (!matches) {
                return false;
            }
        }
        if (selector.has("matchLabels")) {
            throw new AssertionError("matchLabels is not evaluated here: " + selector);
        }
        return true;
    }
}
