package dev.unroot.manifest;

import dev.unroot.manifest.YamlNode.Entry;
import dev.unroot.manifest.YamlNode.Mapping;
import dev.unroot.manifest.YamlNode.Sequence;
import dev.unroot.model.FieldPath;
import java.util.Map;

/** Finds the line of a field. */
final class FieldLines {
    private FieldLines() {}

    /** The line of the field, or of the innermost object around it that is there. */
    static int find(YamlNode root, FieldPath path) {
        YamlNode node = root;
        int line = root.line();
        String rest = path.toString();
        while (!rest.isEmpty()) {
            if (node instanceof Sequence sequence && rest.startsWith("[")) {
                int end = rest.indexOf(']');
                int index = Integer.parseInt(rest.substring(1, end));
                if (index >= sequence.items().size()) {
                    return line;
                }
                node = sequence.items().get(index);
                line = node.line();
                rest = withoutDot(rest.substring(end + 1));
            } else if (node instanceof Mapping mapping) {
                String key = longestKey(mapping, rest);
                Entry entry = mapping.entries().get(key);
                if (entry == null) {
                    return line;
                }
                node = entry.value();
                line = entry.line();
                rest = withoutDot(rest.substring(key.length()));
            } else {
                return line;
            }
        }
        return line;
    }

    /** A key may hold dots itself, as labels do. */
    private static String longestKey(Mapping mapping, String path) {
        String longest = "";
        for (Map.Entry<String, Entry> entry : mapping.entries().entrySet()) {
            String key = entry.getKey();
            boolean leads = path.startsWith(key)
                    && (path.length() == key.length()
                            || path.charAt(key.length()) == '.'
                            || path.charAt(key.length()) == '[');
            longest = leads && key.length() > longest.length() ? key : longest;
        }
        return longest;
    }

    private static String withoutDot(String rest) {
        return rest.startsWith(".") ? rest.substring(1) : rest;
    }
}
