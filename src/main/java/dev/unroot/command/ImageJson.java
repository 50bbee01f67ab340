package dev.unroot.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.ImageUser;
import dev.unroot.model.ImageVerdict;
import dev.unroot.model.UnknownCause;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** {@code image}'s report for programs: an ImageReport. */
final class ImageJson implements Report<InspectedImage> {
    private final PrintWriter out;
    private final JsonReport report;

    ImageJson(PrintWriter out) {
        this.out = out;
        this.report = new JsonReport(out, "ImageReport");
        report.write(json -> json.writeArrayFieldStart("images"));
    }

    @Override
    public void add(InspectedImage image) {
        report.write(json -> {
            json.writeStartObject();
            json.writeStringField("reference", image.reference());
            if (image instanceof InspectedImage.Known known) {
                json.writeStringField("digest", known.digest());
                json.writeArrayFieldStart("platforms");
                for (InspectedImage.Row row : known.rows()) {
                    write(row, json);
                }
                json.writeEndArray();
            } else if (image instanceof InspectedImage.Unverified unverified) {
                writeUnverified(unverified.cause(), unverified.reason(), json);
            } else if (image instanceof InspectedImage.Unusable unusable) {
                writeUnverified(
                        unusable.fault() == null ? UnknownCause.INVALID_REFERENCE : null, unusable.reason(), json);
            }
            json.writeEndObject();
        });
    }

    private static void writeUnverified(@Nullable UnknownCause cause, String reason, JsonGenerator json)
            throws IOException {
        json.writeArrayFieldStart("platforms");
        json.writeEndArray();
        json.writeStringField("verdict", ImageVerdict.UNVERIFIED.label());
        json.writeStringField("reason", reason);
        JsonReport.optional(json, "cause", cause == null ? null : cause.label());
    }

    private static void write(InspectedImage.Row row, JsonGenerator json) throws IOException {
        ImageUser user = row.user();
        json.writeStartObject();
        json.writeStringField("platform", row.platform().toString());
        if (!row.runtimes().isEmpty()) {
            json.writeArrayFieldStart("runtimes");
            for (ContainerRuntime runtime : row.runtimes()) {
                json.writeString(runtime.label());
            }
            json.writeEndArray();
        }
        if (user != null) {
            json.writeStringField("user", user.raw());
            JsonReport.optional(json, "uid", user.uid());
            JsonReport.optional(json, "gid", user.gid());
        }
        json.writeStringField("verdict", row.verdict().label());
        if (user != null) {
            json.writeStringField("withRunAsNonRoot", row.withRunAsNonRoot());
        }
        json.writeStringField("reason", row.reason());
        UnknownCause cause = row.cause();
        JsonReport.optional(json, "cause", cause == null ? null : cause.label());
        json.writeEndObject();
    }

    @Override
    public void end() {
        report.write(JsonGenerator::writeEndArray);
        report.end(out);
    }
}
