package dev.unroot.configuration;

import dev.unroot.common.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of the configuration file. Every key must be asked for; {@link #end} reports those that nobody asked for.
 * What is missing or wrong reads as the default, and what is wrong is reported.
 */
final class Section {
    private final String path;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final List<String> known = new ArrayList<>();
    private final Problems problems;

    private Section(String path, int line, Problems problems) {
        this.path = path;
        this.line = line;
        this.problems = problems;
    }

    /** @param path the key that holds the mapping; empty for the whole file */
    static Section of(@Nullable Node node, String path, Problems problems) {
        Section section = new Section(path, node == null ? 1 : line(node), problems);
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(section::add);
        } else if (node != null && !isNull(node)) {
            problems.add(line(node), (path.isEmpty() ? "the file" : path) + " must be a mapping of keys to values");
        }
        return section;
    }

    private void add(NodeTuple entry) {
        if (!(entry.getKeyNode() instanceof ScalarNode key)) {
            problems.add(line(entry.getKeyNode()), "a key must be text");
            return;
        }
        String name = key.getValue();
        if (values.put(name, entry.getValueNode()) != null) {
            problems.add(line(key), full(name) + " is there twice: remove one");
        }
        lines.put(name, line(key));
    }

    private static int line(Node node) {
        return node.getStartMark() == null ? 1 : node.getStartMark().getLine() + 1;
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** File, line and full name of a key that is there: {@code unroot.yaml:7: imageLookup.timeout}. */
    String where(String key) {
        return problems.at(line(key)) + full(key);
    }

    int line() {
        return line;
    }

    /** Of a key that is there; else the section's. */
    int line(String key) {
        return lines.getOrDefault(key, line);
    }

    private @Nullable Node take(String key) {
        known.add(key);
        Node node = values.remove(key);
        return node == null || isNull(node) ? null : node;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Section section(String key) {
        return of(take(key), full(key), problems);
    }

    /** All entries of a mapping whose keys are anybody's: name to value's section. */
    Map<String, Section> sections(String key) {
        Section outer = section(key);
        Map<String, Section> sections = new LinkedHashMap<>();
        for (String name : List.copyOf(outer.values.keySet())) {
            sections.put(name, outer.section(name));
        }
        return sections;
    }

    List<Section> sectionList(String key) {
        List<Section> sections = new ArrayList<>();
        for (Node item : items(key)) {
            sections.add(of(item, full(key) + "[" + sections.size() + "]", problems));
        }
        return sections;
    }

    <T> List<T> list(String key, List<T> otherwise, Function<String, T> read) {
        if (!has(key)) {
            known.add(key);
            return otherwise;
        }
        List<T> list = new ArrayList<>();
        int position = 0;
        for (Node item : items(key)) {
            T value = read(item, full(key) + "[" + position++ + "]", read);
            if (value != null) {
                list.add(value);
            }
        }
        return list;
    }

    private List<Node> items(String key) {
        Node node = take(key);
        if (node == null) {
            return List.of();
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        problems.add(line(node), full(key) + " must be a list");
        return List.of();
    }

    /** A scalar made into something by a function that throws IllegalArgumentException with a sentence. */
    <T> T value(String key, T otherwise, Function<String, T> read) {
        T value = optional(key, read);
        return value == null ? otherwise : value;
    }

    <T> @Nullable T optional(String key, Function<String, T> read) {
        Node node = take(key);
        return node == null ? null : read(node, full(key), read);
    }

    /** Like {@link #optional}, and reported where it is missing. */
    <T> @Nullable T required(String key, Function<String, T> read) {
        Node node = take(key);
        if (node == null) {
            problems.add(line(key), full(key) + " is missing");
            return null;
        }
        return read(node, full(key), read);
    }

    /** True where the value is a scalar and not a mapping or list. */
    boolean isScalar(String key) {
        return values.get(key) instanceof ScalarNode;
    }

    private <T> @Nullable T read(Node node, String where, Function<String, T> read) {
        if (!(node instanceof ScalarNode scalar)) {
            problems.add(line(node), where + " must be a single value");
            return null;
        }
        if (isNull(node)) {
            problems.add(line(node), where + " is empty: write a value or remove it");
            return null;
        }
        try {
            return read.apply(scalar.getValue());
        } catch (IllegalArgumentException e) {
            problems.add(line(node), where + ": " + e.getMessage());
            return null;
        }
    }

    /** Reports every key that was not asked for. */
    void end() {
        for (String unknown : values.keySet()) {
            problems.add(
                    line(unknown),
                    "unknown key " + Text.plain(full(unknown))
                            + (known.isEmpty()
                                    ? ": nothing can be set here yet"
                                    : ": known are " + String.join(", ", known)));
        }
    }
}
