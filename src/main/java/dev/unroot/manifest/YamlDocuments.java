package dev.unroot.manifest;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML and JSON files as trees with line numbers. Several YAML documents stand between {@code ---} lines, several
 * JSON values one after the other; a document that cannot be read is told as such and does not hide those behind the
 * next {@code ---}.
 *
 * <p>Scalars, keys and merges are read as kubectl reads them. A document is at most {@value NodeLimits#MAX_DEPTH} levels
 * deep and holds at most {@value NodeLimits#MAX_NODES} values, aliases counted as what they stand for. What stands after
 * the first {@value #MAX_DOCUMENTS} documents is not read, and that is told too.
 */
public final class YamlDocuments {
    static final int MAX_DOCUMENTS = 100_000;

    private static final String TEMPLATE = "{{";
    private static final String TEMPLATE_HINT =
            "; it looks like an unrendered template: render it first, for instance with helm template";

    /** A brace first, be it after a marker (group 1). */
    private static final Pattern JSON = Pattern.compile("(---[ \\t\\r]*+\\n)?+\\s*+\\{");

    private static final Pattern JSON_KEY = Pattern.compile("\\s*+\\{\\s*+\"");

    private final Consumer<YamlDocument> consumer;
    private int number;

    private YamlDocuments(Consumer<YamlDocument> consumer) {
        this.consumer = consumer;
    }

    /**
     * Tells the documents of a file, in order; empty ones are passed over.
     *
     * @param file UTF-8, or UTF-16 with a byte order mark. Bounding its size is up to whoever read it
     */
    public static void read(byte[] file, Consumer<YamlDocument> consumer) {
        YamlDocuments documents = new YamlDocuments(consumer);
        try {
            new DocumentSplitter(file).forEach(documents::read);
        } catch (DocumentException e) {
            documents.broken(e, "");
        }
    }

    /** What to add to a message about a text that a template engine should have replaced; empty for any other. */
    static String hint(String text) {
        return text.contains(TEMPLATE) ? TEMPLATE_HINT : "";
    }

    private void read(DocumentSplitter.Part part) {
        if (number > MAX_DOCUMENTS) {
            return;
        }
        if (number == MAX_DOCUMENTS) {
            broken(
                    new DocumentException(
                            part.firstLine(), "more than " + MAX_DOCUMENTS + " documents: split the file"),
                    "");
            return;
        }
        try {
            String text = part.text();
            Matcher json = JSON.matcher(text);
            if (!json.lookingAt() || !readJson(text, Math.max(0, json.end(1)), part.firstLine())) {
                readYaml(text, part.firstLine());
            }
        } catch (DocumentException e) {
            broken(e, "");
        }
    }

    /** False where the text is not JSON from the start: it may be YAML in braces. */
    private boolean readJson(String text, int afterMarker, int firstLine) throws DocumentException {
        String json = text.substring(afterMarker);
        int line = afterMarker == 0 ? firstLine : firstLine + 1;
        JsonComposer composer = new JsonComposer(json, line);
        for (boolean first = true; ; first = false) {
            try {
                YamlNode root = composer.next();
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
            new YamlComposer(text, firstLine).next();
            return true;
        } catch (DocumentException e) {
            return false;
        }
    }

    private void readYaml(String text, int firstLine) {
        try {
            YamlComposer composer = new YamlComposer(text, firstLine);
            for (YamlNode root = composer.next(); root != null; root = composer.next()) {
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
