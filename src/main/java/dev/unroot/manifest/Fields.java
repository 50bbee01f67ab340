package dev.unroot.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.unroot.common.Text;
import dev.unroot.model.FieldPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads single values from a token stream as the API server would: a null is an unset field, a value of another type is
 * an error, and an unknown field is passed over.
 */
public final class Fields {
    /**
     * Entries of one list of a pod, and labels of Unroot's own. An entry of three bytes may cost a hundred times as much
     * once it is read, and a review may come from anybody; no node runs a pod with so many.
     */
    public static final int MOST_ENTRIES = 1000;

    private Fields() {}

    /** What to do with one field; the parser stands on its value and must be left on the value's last token. */
    public interface FieldReader {
        void read(String name, JsonParser parser) throws IOException, ManifestException;
    }

    /** What to do with one element of a list. */
    public interface ItemReader {
        void read(int index, JsonParser parser) throws IOException, ManifestException;
    }

    public static void object(JsonParser parser, FieldPath path, FieldReader reader)
            throws IOException, ManifestException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(parser, JsonToken.START_OBJECT, path, "an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            reader.read(name, parser);
        }
    }

    public static void list(JsonParser parser, FieldPath path, ItemReader reader)
            throws IOException, ManifestException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(parser, JsonToken.START_ARRAY, path, "a list");
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            reader.read(index, parser);
        }
    }

    /** The same of a list that is kept whole, and so has a bound. */
    public static void list(JsonParser parser, FieldPath path, int most, ItemReader reader)
            throws IOException, ManifestException {
        list(parser, path, (index, item) -> {
            if (index == most) {
                throw tooMany(path, most);
            }
            reader.read(index, item);
        });
    }

    static ManifestException tooMany(FieldPath path, int most) {
        return new ManifestException(path, path + " has more than " + most + " entries");
    }

    /** @param most that the list may have */
    public static List<String> strings(JsonParser parser, FieldPath parent, String field, int most)
            throws IOException, ManifestException {
        List<String> values = new ArrayList<>(2);
        list(parser, parent.child(field), most, (index, item) -> {
            // The path is only for an error: every admission reads such lists.
            String value =
                    item.hasToken(JsonToken.VALUE_STRING) ? item.getText() : string(item, parent.item(field, index));
            values.add(value == null ? "" : value);
        });
        return values;
    }

    public static @Nullable String string(JsonParser parser, FieldPath path) throws IOException, ManifestException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        expect(parser, JsonToken.VALUE_STRING, path, "text");
        return parser.getText();
    }

    public static @Nullable Boolean bool(JsonParser parser, FieldPath path) throws IOException, ManifestException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw wrongType(parser, path, "true or false");
        };
    }

    public static @Nullable Long integer(JsonParser parser, FieldPath path) throws IOException, ManifestException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        expect(parser, JsonToken.VALUE_NUMBER_INT, path, "a whole number");
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new ManifestException(path, path + " is " + parser.getText() + ", which no 64-bit number can hold");
        }
        return parser.getLongValue();
    }

    /** The same of a field; its path is only made for an error, since every admission reads many. */
    public static @Nullable String string(JsonParser parser, FieldPath parent, String field)
            throws IOException, ManifestException {
        return parser.hasToken(JsonToken.VALUE_STRING) ? parser.getText() : string(parser, parent.child(field));
    }

    /** The same; empty where it is null. */
    public static String text(JsonParser parser, FieldPath parent, String field) throws IOException, ManifestException {
        String text = string(parser, parent, field);
        return text == null ? "" : text;
    }

    /** Likewise. */
    public static @Nullable Boolean bool(JsonParser parser, FieldPath parent, String field)
            throws IOException, ManifestException {
        return parser.currentToken().isBoolean()
                ? (Boolean) parser.getBooleanValue()
                : bool(parser, parent.child(field));
    }

    private static void expect(JsonParser parser, JsonToken wanted, FieldPath path, String description)
            throws IOException, ManifestException {
        if (parser.currentToken() != wanted) {
            throw wrongType(parser, path, description);
        }
    }

    private static ManifestException wrongType(JsonParser parser, FieldPath path, String wanted) throws IOException {
        String found =
                switch (parser.currentToken()) {
                    case VALUE_STRING -> "the text " + Text.quote(parser.getText());
                    case START_OBJECT -> "an object";
                    case START_ARRAY -> "a list";
                    default -> Text.plain(parser.getText());
                };
        return new ManifestException(path, path + " must be " + wanted + ", not " + found);
    }
}
