package dev.unroot.manifest;

import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.model.FieldPath;
import dev.unroot.model.NodeRequirements;
import dev.unroot.model.NodeRequirements.Label;
import dev.unroot.model.NodeRequirements.Requirement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a pod asks of its node: of nodeSelector and required node affinity that which is about what a node is. */
final class NodeRequirementsReader {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String TERMS = "nodeSelectorTerms";
    /** Of one expression, which may name nodes, and of all that are kept together. */
    private static final int MOST_VALUES = 10_000;

    private final FieldPath pod;
    private Map<String, Requirement> selector = Map.of();
    private @Nullable List<List<Requirement>> terms;
    private int values;

    NodeRequirementsReader(FieldPath pod) {
        this.pod = pod;
    }

    NodeRequirements requirements() {
        return selector.isEmpty() && terms == null
                ? NodeRequirements.NONE
                : new NodeRequirements(List.copyOf(selector.values()), terms);
    }

    void readNodeSelector(JsonParser parser) throws IOException, ManifestException {
        selector = Map.of();
        FieldPath path = pod.child("nodeSelector");
        Fields.object(parser, path, (name, value) -> {
            Label label = Label.of(name);
            String wanted = label == null ? null : Fields.string(value, path, name);
            value.skipChildren();
            if (label != null && wanted != null) {
                if (selector.isEmpty()) {
                    selector = new LinkedHashMap<>(2);
                }
                selector.put(name, new Requirement(label, true, List.of(wanted)));
            }
        });
    }

    void readAffinity(JsonParser parser) throws IOException, ManifestException {
        Fields.object(parser, pod.child("affinity"), only("nodeAffinity", this::readNodeAffinity));
    }

    private void readNodeAffinity(JsonParser parser) throws IOException, ManifestException {
        Fields.object(parser, pod.child("affinity.nodeAffinity"), only(REQUIRED, this::readRequired));
    }

    private void readRequired(JsonParser parser) throws IOException, ManifestException {
        FieldPath required = pod.child("affinity.nodeAffinity." + REQUIRED);
        Fields.object(parser, required, only(TERMS, list -> readTerms(list, required)));
    }

    private interface ValueReader {
        void read(JsonParser parser) throws IOException, ManifestException;
    }

    /** Passes over all fields of an object but one. */
    private static Fields.FieldReader only(String wanted, ValueReader reader) {
        return (name, value) -> {
            if (name.equals(wanted)) {
                reader.read(value);
            } else {
                value.skipChildren();
            }
        };
    }

    private void readTerms(JsonParser parser, FieldPath parent) throws IOException, ManifestException {
        List<List<Requirement>> read = new ArrayList<>(1);
        Fields.list(parser, parent.child(TERMS), Fields.MOST_ENTRIES, (index, item) -> {
            Term term = new Term(parent.item(TERMS, index));
            Fields.object(item, term.path, term);
            // A term that says nothing matches no node.
            if (term.saysAnything) {
                read.add(term.requirements);
            }
        });
        terms = read;
    }

    private final class Term implements Fields.FieldReader {
        private final FieldPath path;
        private final List<Requirement> requirements = new ArrayList<>(1);
        private boolean saysAnything;

        Term(FieldPath path) {
            this.path = path;
        }

        @Override
        public void read(String field, JsonParser parser) throws IOException, ManifestException {
            switch (field) {
                case "matchExpressions" ->
                    Fields.list(parser, path.child(field), Fields.MOST_ENTRIES, (index, item) -> {
                        saysAnything = true;
                        Expression expression = new Expression(path.item(field, index));
                        Fields.object(item, expression.path, expression);
                        expression.addTo(requirements);
                        values += expression.values.size();
                        if (values > MOST_VALUES) {
                            throw Fields.tooMany(pod.child("affinity"), MOST_VALUES);
                        }
                    });
                case "matchFields" ->
                    Fields.list(parser, path.child(field), Fields.MOST_ENTRIES, (index, item) -> {
                        saysAnything = true;
                        item.skipChildren();
                    });
                default -> parser.skipChildren();
            }
        }
    }

    private static final class Expression implements Fields.FieldReader {
        private final FieldPath path;
        private @Nullable String key;
        private @Nullable String operator;
        private List<String> values = List.of();

        Expression(FieldPath path) {
            this.path = path;
        }

        @Override
        public void read(String field, JsonParser parser) throws IOException, ManifestException {
            switch (field) {
                case "key" -> key = Fields.string(parser, path, field);
                case "operator" -> operator = Fields.string(parser, path, field);
                case "values" -> values = Fields.strings(parser, path, field, MOST_VALUES);
                default -> parser.skipChildren();
            }
        }

        /** Every node has these labels, so Exists says nothing; Gt and Lt compare numbers, which no such label is. */
        void addTo(List<Requirement> requirements) {
            Label label = key == null ? null : Label.of(key);
            boolean in = "In".equals(operator);
            if (label != null && (in || "NotIn".equals(operator))) {
                requirements.add(new Requirement(label, in, values));
            }
        }
    }
}
