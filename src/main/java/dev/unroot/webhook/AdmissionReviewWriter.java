package dev.unroot.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.unroot.review.Decision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Writes a decision as the AdmissionReview that answers the request. Never a patch. */
public final class AdmissionReviewWriter {
    private static final int FORBIDDEN = 403;

    private final JsonFactory json = new JsonFactory();

    /**
     * The whole body, within the API server's limits.
     *
     * @param uid the request's
     */
    public byte[] write(String uid, Decision decision) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator generator = json.createGenerator(bytes)) {
            generator.writeStartObject();
            generator.writeStringField("apiVersion", AdmissionReviewReader.API_VERSION);
            generator.writeStringField("kind", AdmissionReviewReader.KIND);
            generator.writeObjectFieldStart("response");
            generator.writeStringField("uid", uid);
            generator.writeBooleanField("allowed", decision.allowed());
            writeStatus(generator, decision);
            writeWarnings(generator, decision.warnings());
            writeAnnotations(generator, decision.auditAnnotations());
            generator.writeEndObject();
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an answer could not be written", e);
        }
        return bytes.toByteArray();
    }

    private static void writeStatus(JsonGenerator generator, Decision decision) throws IOException {
        String denial = decision.denial();
        if (denial == null) {
            return;
        }
        generator.writeObjectFieldStart("status");
        generator.writeNumberField("code", FORBIDDEN);
        generator.writeStringField("reason", "Forbidden");
        generator.writeStringField("message", ResponseLimits.denial(denial));
        generator.writeEndObject();
    }

    private static void writeWarnings(JsonGenerator generator, List<String> warnings) throws IOException {
        if (warnings.isEmpty()) {
            return;
        }
        generator.writeArrayFieldStart("warnings");
        for (String warning : ResponseLimits.warnings(warnings)) {
            generator.writeString(warning);
        }
        generator.writeEndArray();
    }

    private static void writeAnnotations(JsonGenerator generator, Map<String, String> annotations) throws IOException {
        if (annotations.isEmpty()) {
            return;
        }
        generator.writeObjectFieldStart("auditAnnotations");
        for (Map.Entry<String, String> annotation : annotations.entrySet()) {
            if (ResponseLimits.isAnnotationKey(annotation.getKey())) {
                generator.writeStringField(annotation.getKey(), ResponseLimits.annotation(annotation.getValue()));
            }
        }
        generator.writeEndObject();
    }
}
