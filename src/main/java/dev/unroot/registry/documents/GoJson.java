package dev.unroot.registry.documents;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.unroot.common.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads JSON as Go's {@code encoding/json} does, which every container runtime uses: keys in any letter case, the last of
 * several wins, {@code null} changes nothing. A reader with other rules can be shown another USER than the runtime sees.
 */
public final class GoJson {
    /** What a runtime can use is far shorter; what is longer is meant to cost memory. */
    private static final int LONGEST_STRING = 64 * 1024;
    /** Of an object in which each key must be kept. */
    private static final int MOST_KEYS = 1_000;

    private static final char REPLACEMENT = '\ufffd';

    /** Keys are not kept in a table: a document of nothing but keys would fill it. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LONGEST_STRING)
                    .build())
            .build();

    private GoJson() {}

    /** Takes the fields of an object, one by one. */
    @FunctionalInterface
    public interface Fields {
        /**
         * @param name folded: in lower case
         * @param value at its first token; what is not read of it is skipped
         */
        void read(String name, JsonParser value) throws IOException;
    }

    /** Reads a document whose top is an object or {@code null}, to its end. */
    public static void document(byte[] utf8, Fields fields) throws IOException {
        document(utf8, parser -> object(parser, fields));
    }

    /** The same with {@link #strictObject} at the top. */
    public static void strictDocument(byte[] utf8, Fields fields) throws IOException {
        document(utf8, parser -> strictObject(parser, fields));
    }

    /** The same from a stream that may be too long to hold, and has to be sound UTF-8. */
    public static void strictStream(InputStream utf8, Fields fields) throws IOException {
        // A decoder that is made this way refuses what is not UTF-8, where the parser's own would replace it.
        Reader text = new InputStreamReader(utf8, StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = FACTORY.createParser(text)) {
            whole(parser, inner -> strictObject(inner, fields));
        }
    }

    /** Reads a document whose top is an array. */
    public static void arrayDocument(byte[] utf8, Element element) throws IOException {
        document(utf8, parser -> array(parser, element));
    }

    private static void document(byte[] utf8, Element top) throws IOException {
        try (JsonParser parser = FACTORY.createParser(new GoText(utf8))) {
            whole(parser, top);
        }
    }

    private static void whole(JsonParser parser, Element top) throws IOException {
        if (parser.nextToken() == null) {
            throw new IOException("the document is empty");
        }
        top.read(parser);
        if (parser.nextToken() != null) {
            throw new IOException("something follows the end of the document");
        }
    }

    /** Reads an object; {@code null} has no fields. */
    public static void object(JsonParser parser, Fields fields) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(parser, JsonToken.START_OBJECT, "an object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = fold(parser.currentName());
            parser.nextToken();
            fields.read(name, parser);
            parser.skipChildren();
        }
    }

    /** Reads an object in which no key may come twice: nothing honest repeats one, and Go merges such lists oddly. */
    public static void strictObject(JsonParser parser, Fields fields) throws IOException {
        Set<String> seen = new HashSet<>();
        object(parser, (name, value) -> {
            if (!seen.add(name)) {
                throw new IOException("it holds " + Text.quote(name) + " twice");
            }
            if (seen.size() > MOST_KEYS) {
                throw new IOException("it holds more than " + MOST_KEYS + " keys");
            }
            fields.read(name, value);
        });
    }

    /** Reads an array, calling {@code element} at the first token of each; {@code null} has none. */
    public static void array(JsonParser parser, Element element) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(parser, JsonToken.START_ARRAY, "a list");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            element.read(parser);
            parser.skipChildren();
        }
    }

    /** Takes one element of an array. */
    @FunctionalInterface
    public interface Element {
        void read(JsonParser value) throws IOException;
    }

    /** A string; {@code null} keeps what was there. */
    public static String string(JsonParser parser, String before) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return before;
        }
        expect(parser, JsonToken.VALUE_STRING, "a string");
        return withoutLoneSurrogates(parser.getText());
    }

    /**
     * A list of strings; {@code null} has none, and is an empty one within.
     *
     * @throws IOException where there are more than {@code most}
     */
    static List<String> strings(JsonParser parser, int most) throws IOException {
        String name = parser.currentName();
        List<String> strings = new ArrayList<>();
        array(parser, element -> {
            if (strings.size() == most) {
                throw new IOException(Text.quote(String.valueOf(name)) + " lists more than " + most);
            }
            strings.add(string(element, ""));
        });
        return strings;
    }

    /** An integer of 64 bits; {@code null} keeps what was there. */
    public static long integer(JsonParser parser, long before) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return before;
        }
        expect(parser, JsonToken.VALUE_NUMBER_INT, "an integer");
        return parser.getLongValue();
    }

    /** What was wrong, as a clause; the parser's own words hold excerpts of the document. */
    public static String describe(IOException failure) {
        if (failure instanceof StreamConstraintsException) {
            return "it holds a name, text or number that is too long, or lists within lists without end";
        }
        return failure instanceof JacksonException ? "it is not valid JSON" : Text.why(failure);
    }

    private static void expect(JsonParser parser, JsonToken token, String what) throws IOException {
        if (parser.currentToken() != token) {
            String name = parser.currentName();
            throw new IOException((name == null ? "the document" : Text.quote(name)) + " is not " + what);
        }
    }

    /**
     * Go folds by Unicode's simple rules, by which two letters outside ASCII equal one inside: the long s and the Kelvin
     * sign.
     */
    static String fold(String name) {
        return name.replace('\u017f', 's').replace('\u212a', 'k').toLowerCase(Locale.ROOT);
    }

    private static String withoutLoneSurrogates(String text) {
        StringBuilder sound = new StringBuilder(text.length());
        text.codePoints()
                .map(point ->
                        point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? REPLACEMENT : point)
                .forEach(sound::appendCodePoint);
        return sound.toString();
    }
}
