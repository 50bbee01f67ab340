package dev.unroot.manifest;

import com.fasterxml.jackson.databind.node.ValueNode;
import dev.unroot.common.Text;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value in a YAML or JSON document, with the line it stands on, counted from 1 in the file. An alias is the very node
 * that its anchor names.
 */
public sealed interface YamlNode {
    int line();

    /** What it is, for messages: {@code the text "0"}, {@code a list}. */
    String description();

    /** Keys to values, in the order written; keys as kubectl turns them into text. */
    record Mapping(int line, Map<String, Entry> entries) implements YamlNode {
        /** The value of a key; null where it is not there. */
        public @Nullable YamlNode get(String key) {
            Entry entry = entries.get(key);
            return entry == null ? null : entry.value();
        }

        @Override
        public String description() {
            return "an object";
        }
    }

    /** The value of a key, and the line of the key. */
    record Entry(int line, YamlNode value) {}

    record Sequence(int line, List<YamlNode> items) implements YamlNode {
        @Override
        public String description() {
            return "a list";
        }
    }

    /** Text, a number, true, false or null. A number without a fraction is an integer, however it was written. */
    record Scalar(int line, ValueNode value) implements YamlNode {
        @Override
        public String description() {
            return value.isTextual() ? "the text " + Text.quote(value.textValue()) : Text.plain(value.asText());
        }
    }

    /** True for null, which is as good as not being there. */
    default boolean isNull() {
        return this instanceof Scalar scalar && scalar.value().isNull();
    }

    /** Its text; null where it is anything else, a number included. */
    default @Nullable String text() {
        return this instanceof Scalar scalar ? scalar.value().textValue() : null;
    }
}
