package dev.unroot.manifest;

import dev.unroot.common.Text;
import dev.unroot.manifest.YamlNode.Entry;
import dev.unroot.manifest.YamlNode.Mapping;
import dev.unroot.manifest.YamlNode.Sequence;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Collects the entries of a mapping. Of a key and a merge of the same name the later one wins, which is kubectl's way and
 * not YAML's. A key written twice is an error: kubectl would take one of them and say nothing.
 */
final class MappingEntries {
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> merged = new HashSet<>(0);

    void put(String key, int line, YamlNode value) throws DocumentException {
        Entry before = entries.put(key, new Entry(line, value));
        if (before != null && !merged.remove(key)) {
            throw new DocumentException(
                    line, "key " + Text.quote(key) + " is there twice, first on line " + before.line());
        }
    }

    /**
     * Merges what stands after {@code <<}: an object, or a list of them where the first has precedence.
     *
     * @param isAlias an alias may name an object, but not a list
     */
    void merge(YamlNode node, boolean isAlias, int line) throws DocumentException {
        if (node instanceof Mapping mapping) {
            for (Map.Entry<String, Entry> entry : mapping.entries().entrySet()) {
                if (entries.put(entry.getKey(), entry.getValue()) == null) {
                    merged.add(entry.getKey());
                }
            }
        } else if (node instanceof Sequence sequence && !isAlias) {
            for (int i = sequence.items().size() - 1; i >= 0; i--) {
                merge(sequence.items().get(i), true, line);
            }
        } else {
            throw new DocumentException(line, "<< must be followed by an object or a list of objects");
        }
    }

    Map<String, Entry> all() {
        return entries;
    }
}
