package dev.unroot.manifest;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML and JSON as trees with line numbers. Several YAML documents stand between {@code ---} lines, several
 * JSON values one after the other; a document that cannot be read is told as such and does not hide those behind the
 * next {@code ---}.
 *
 * <p>Scalars, keys and merges are read as kubectl reads them. An object is at most {@value NodeLimits#MAX_DEPTH} levels
 * deep and holds at most {@value NodeLimits#MAX_NODES} values, aliases counted as what they stand for. An input may be of any
 * length: of a document longer than {@value #WHOLE} bytes the items of a list are told one by one, as they are read. What
 * stands after the first {@value #MAX_DOCUMENTS} documents is not read, and that is told too.
 */
public final class YamlDocuments {
    static final int MAX_DOCUMENTS = 100_000;
    /** Up to here, in bytes, a document is held and read as a whole: most files are a few kilobytes. */
    static final int WHOLE = 1 << 20;

    private static final String TEMPLATE = "{{";
    private static final String TEMPLATE_HINT =
            "; it looks like an unrendered template: render it first, for instance with helm template";

    /** How much of a longer one is looked at to tell what it is. */
    private static final int HEAD = 64 << 10;

    /** A brace first, be it after a marker (group 1). */
    private static final Pattern JSON = Pattern.compile("(---[ \\t\\r]*+\\n)?+\\s*+\\{");

    private static final Pattern JSON_KEY = Pattern.compile("\\s*+\\{\\s*+\"");

    private final int whole;
    private final DocumentConsumer consumer;
    private int number;

    private YamlDocuments(int whole, DocumentConsumer consumer) {
        this.whole = whole;
        this.consumer = consumer;
    }

    /**
     * Tells the documents of an input, in order; empty ones are passed over.
     *
     * @param in UTF-8, or UTF-16 with a byte order mark
     * @param whole the longest document that is read as a whole, in bytes
     * @throws IOException where the input fails
     */
    static void read(InputStream in, int whole, DocumentConsumer consumer) throws IOException {
        YamlDocuments documents = new YamlDocuments(whole, consumer);
        try {
            DocumentSplitter parts = new DocumentSplitter(Utf8Input.of(in));
            while (!consumer.isFull() && documents.number <= MAX_DOCUMENTS && parts.next()) {
                documents.read(parts);
            }
        } catch (DocumentException e) {
            documents.broken(e, "");
        } catch (DocumentFault e) {
            // The input as a whole is not what it begins like.
            documents.broken(e.fault(), "");
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** What to add to a message about a text that a template engine should have replaced; empty for any other. */
    static String hint(String text) {
        return text.contains(TEMPLATE) ? TEMPLATE_HINT : "";
    }

    private void read(DocumentSplitter part) throws IOException, DocumentException {
        if (number == MAX_DOCUMENTS) {
            throw new DocumentException(part.firstLine(), "more than " + MAX_DOCUMENTS + " documents: split the input");
        }
        try {
            byte[] head = part.readNBytes(whole + 1);
            if (head.length <= whole) {
                readWhole(text(head, part.firstLine()), part.firstLine());
            } else {
                readLong(new SequenceInputStream(new ByteArrayInputStream(head), part), part.firstLine());
            }
        } catch (DocumentException e) {
            broken(e, "");
        }
    }

    private static String text(byte[] bytes, int firstLine) throws DocumentException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
        } catch (CharacterCodingException e) {
            int line = firstLine;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw new DocumentException(line, "not UTF-8 text");
        }
    }

    private void readWhole(String text, int firstLine) throws DocumentException {
        Matcher json = JSON.matcher(text);
        if (!json.lookingAt() || !readJson(text, Math.max(0, json.end(1)), firstLine)) {
            readYaml(text, firstLine);
        }
    }

    /** False where the text is not JSON from the start: it may be YAML in braces. */
    private boolean readJson(String text, int afterMarker, int firstLine) throws DocumentException {
        String json = text.substring(afterMarker);
        int line = afterMarker == 0 ? firstLine : firstLine + 1;
        JsonComposer composer = new JsonComposer(json, line);
        for (boolean first = true; ; first = false) {
            try {
                YamlNode root = composer.next(ListItems.IN_THE_OBJECT);
                if (root == null) {
                    return true;
                }
                parsed(root);
            } catch (DocumentException e) {
                if (first && (!JSON_KEY.matcher(json).lookingAt() || isYaml(text, firstLine))) {
                    return false;
                }
                broken(e, json, line);
                return true;
            }
        }
    }

    private static boolean isYaml(String text, int firstLine) {
        try {
            new YamlComposer(text, firstLine).next(ListItems.IN_THE_OBJECT);
            return true;
        } catch (DocumentException e) {
            return false;
        }
    }

    private void readYaml(String text, int firstLine) {
        try {
            YamlComposer composer = new YamlComposer(text, firstLine);
            for (YamlNode root = composer.next(ListItems.IN_THE_OBJECT);
                    root != null;
                    root = composer.next(ListItems.IN_THE_OBJECT)) {
                parsed(root);
            }
        } catch (DocumentException e) {
            broken(e, text, firstLine);
        }
    }

    private void parsed(YamlNode root) {
        number++;
        if (!root.isNull()) {
            consumer.accept(new YamlDocument.Parsed(number, root));
        }
    }

    private interface Roots {
        @Nullable
        YamlNode next(ListItems items) throws DocumentException;
    }

    /** What of it cannot be read is not tried in another way: it is not there any more. */
    private void readLong(InputStream bytes, int firstLine) throws IOException {
        InputStream in = new BufferedInputStream(bytes, HEAD);
        in.mark(HEAD);
        String beginning = new String(in.readNBytes(HEAD), StandardCharsets.UTF_8);
        in.reset();
        LongDocument document = consumer.longDocument(number + 1);
        try {
            Roots roots = roots(in, beginning, firstLine);
            for (YamlNode root = roots.next(document); root != null; root = roots.next(document)) {
                number++;
                document.end(root);
                document = consumer.longDocument(number + 1);
            }
        } catch (DocumentException e) {
            document.broken();
            broken(e, beginning, firstLine);
        }
    }

    private static Roots roots(InputStream in, String beginning, int firstLine) throws IOException, DocumentException {
        Matcher marker = JSON.matcher(beginning);
        int afterMarker = marker.lookingAt() ? Math.max(0, marker.end(1)) : -1;
        if (afterMarker >= 0
                && JSON_KEY.matcher(beginning.substring(afterMarker)).lookingAt()) {
            in.skipNBytes(afterMarker);
            int line = afterMarker == 0 ? firstLine : firstLine + 1;
            return new JsonComposer(new DocumentText(in, line, false), line)::next;
        }
        return new YamlComposer(new DocumentText(in, firstLine, true), beginning, firstLine)::next;
    }

    private void broken(DocumentException e, String text, int firstLine) {
        @Nullable
        String line =
                text.lines().skip(Math.max(0, e.line() - firstLine)).findFirst().orElse("");
        boolean control = text.lines().anyMatch(any -> any.stripLeading().startsWith(TEMPLATE));
        broken(e, control || line.contains(TEMPLATE) ? TEMPLATE_HINT : "");
    }

    private void broken(DocumentException e, String hint) {
        number++;
        consumer.accept(new YamlDocument.Broken(number, e.line(), e.sentence() + hint));
    }
}
