package dev.unroot.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import dev.unroot.common.Text;
import dev.unroot.manifest.YamlNode.Mapping;
import dev.unroot.manifest.YamlNode.Scalar;
import dev.unroot.manifest.YamlNode.Sequence;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes trees of JSON values, one after the other as {@code kubectl get -o json} and tools like jq write them. */
final class JsonComposer {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(NodeLimits.MAX_DEPTH + 1)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser parser;
    private final int firstLine;
    private final @Nullable DocumentText stream;
    private NodeLimits limits = new NodeLimits();
    private ListItems listItems = ListItems.IN_THE_OBJECT;

    /** @param firstLine the line of the file that the text begins on */
    JsonComposer(String text, int firstLine) throws DocumentException {
        this(new StringReader(text), null, firstLine);
    }

    /** Of a text too long to be held. */
    JsonComposer(DocumentText stream, int firstLine) throws DocumentException {
        this(stream, stream, firstLine);
    }

    private JsonComposer(Reader text, @Nullable DocumentText stream, int firstLine) throws DocumentException {
        this.firstLine = firstLine;
        this.stream = stream;
        try {
            this.parser = FACTORY.createParser(text);
        } catch (IOException e) {
            throw new DocumentException(firstLine, "not JSON: " + Text.plain(Text.why(e)));
        }
    }

    /**
     * The next value; null after the last one.
     *
     * @param items told the items of the value, where it takes them
     */
    @Nullable
    YamlNode next(ListItems items) throws DocumentException {
        listItems = items;
        try {
            if (parser.nextToken() == null) {
                return null;
            }
            beginObject();
            return node(1);
        } catch (StreamConstraintsException e) {
            throw new DocumentException(line(), JsonFault.limit(e, NodeLimits.MAX_DEPTH));
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new DocumentException(
                    at == null ? line() : firstLine + at.getLineNr() - 1, "not JSON: " + JsonFault.what(e));
        } catch (IOException e) {
            DocumentException fault = DocumentFault.in(e);
            throw fault != null ? fault : new DocumentException(line(), "not JSON: " + Text.plain(Text.why(e)));
        }
    }

    private void beginObject() {
        limits = new NodeLimits();
        if (stream != null) {
            stream.beginObject(line());
        }
    }

    private int line() {
        return firstLine + parser.currentTokenLocation().getLineNr() - 1;
    }

    private YamlNode node(int depth) throws IOException, DocumentException {
        int line = line();
        limits.add(1, depth, line);
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(line, depth);
            case START_ARRAY -> sequence(line, depth);
            default -> new Scalar(line, scalar());
        };
    }

    private Mapping mapping(int line, int depth) throws IOException, DocumentException {
        MappingEntries entries = new MappingEntries();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line();
            parser.nextToken();
            boolean taken = depth == 1
                    && key.equals("items")
                    && parser.hasToken(JsonToken.START_ARRAY)
                    && listItems.taken(entries.all());
            entries.put(key, keyLine, taken ? takenItems() : node(depth + 1));
        }
        return new Mapping(line, entries.all());
    }

    /** Tells the items one by one, and leaves none. */
    private Sequence takenItems() throws IOException, DocumentException {
        int line = line();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            beginObject();
            YamlNode item = node(3);
            listItems.item(item, limits.nodes());
        }
        beginObject();
        return new Sequence(line, List.of());
    }

    private Sequence sequence(int line, int depth) throws IOException, DocumentException {
        List<YamlNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(depth + 1));
        }
        return new Sequence(line, items);
    }

    private ValueNode scalar() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> TextNode.valueOf(parser.getText());
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? BigIntegerNode.valueOf(parser.getBigIntegerValue())
                        : LongNode.valueOf(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> number(parser.getDoubleValue());
            case VALUE_TRUE -> BooleanNode.TRUE;
            case VALUE_FALSE -> BooleanNode.FALSE;
            default -> NullNode.instance;
        };
    }

    /** kubectl decodes and encodes JSON too before it sends it, and {@code 1e3} arrives as 1000. */
    private ValueNode number(double value) throws IOException {
        if (Double.isInfinite(value)) {
            throw new IOException(Text.plain(parser.getText()) + " is greater than any number");
        }
        return YamlScalars.json(DoubleNode.valueOf(value));
    }
}
