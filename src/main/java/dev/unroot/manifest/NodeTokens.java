package dev.unroot.manifest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.unroot.manifest.YamlNode.Mapping;
import dev.unroot.manifest.YamlNode.Scalar;
import dev.unroot.manifest.YamlNode.Sequence;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a tree back into JSON tokens, so that files and admissions are read by the same code. */
final class NodeTokens {
    private static final @Nullable ObjectCodec NO_CODEC = null;

    private NodeTokens() {}

    /** A parser that stands on the node's first token. */
    @SuppressWarnings("NullAway") // A TokenBuffer without a codec is allowed, and its parameter is not annotated so.
    static JsonParser of(YamlNode node) throws IOException {
        TokenBuffer tokens = new TokenBuffer(NO_CODEC, false);
        write(node, tokens);
        JsonParser parser = tokens.asParser();
        parser.nextToken();
        return parser;
    }

    private static void write(YamlNode node, JsonGenerator tokens) throws IOException {
        if (node instanceof Mapping mapping) {
            tokens.writeStartObject();
            for (Map.Entry<String, YamlNode.Entry> entry : mapping.entries().entrySet()) {
                tokens.writeFieldName(entry.getKey());
                write(entry.getValue().value(), tokens);
            }
            tokens.writeEndObject();
        } else if (node instanceof Sequence sequence) {
            tokens.writeStartArray();
            for (YamlNode item : sequence.items()) {
                write(item, tokens);
            }
            tokens.writeEndArray();
        } else if (node instanceof Scalar scalar) {
            JsonParser value = scalar.value().traverse();
            value.nextToken();
            tokens.copyCurrentEvent(value);
        }
    }
}
