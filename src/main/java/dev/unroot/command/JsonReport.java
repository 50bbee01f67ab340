package dev.unroot.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a report as JSON. Optional values that are absent are left out. All beyond ASCII is escaped, so that no name can
 * drive a terminal that the JSON ends up on.
 */
final class JsonReport {
    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final Separators SEPARATORS =
            Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);

    private final JsonGenerator json;

    /** Part of the report. */
    interface Part {
        void write(JsonGenerator json) throws IOException;
    }

    JsonReport(PrintWriter out, String kind) {
        try {
            json = FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
            json.setPrettyPrinter(new DefaultPrettyPrinter(SEPARATORS)
                    .withObjectIndenter(indenter)
                    .withArrayIndenter(indenter));
            json.writeStartObject();
            json.writeStringField("apiVersion", "unroot.dev/v1");
            json.writeStringField("kind", kind);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Part part) {
        try {
            part.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void end(PrintWriter out) {
        write(open -> {
            open.writeEndObject();
            open.close();
        });
        out.println();
    }

    static void optional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    static void optional(JsonGenerator json, String name, @Nullable Long value) throws IOException {
        if (value != null) {
            json.writeNumberField(name, value);
        }
    }
}
