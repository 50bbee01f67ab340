package dev.unroot.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.unroot.manifest.ManifestLocation;
import dev.unroot.model.Container;
import dev.unroot.model.Finding;
import dev.unroot.model.Level;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code check}'s report for programs: a CheckReport. */
final class CheckJson implements Report<CheckResult> {
    private final PrintWriter out;
    private final JsonReport report;
    private final List<CheckResult.NotJudged> notJudged = new ArrayList<>();
    private final List<CheckResult.Unreadable> errors = new ArrayList<>();

    CheckJson(PrintWriter out) {
        this.out = out;
        this.report = new JsonReport(out, "CheckReport");
        report.write(json -> json.writeArrayFieldStart("subjects"));
    }

    @Override
    public void add(CheckResult result) {
        if (result instanceof CheckResult.Judged judged) {
            report.write(json -> write(judged, json));
        } else if (result instanceof CheckResult.Unreadable unreadable) {
            errors.add(unreadable);
        } else if (result instanceof CheckResult.NotJudged unknown) {
            notJudged.add(unknown);
        }
    }

    /** A file that could not be read at all has no documents and lines. */
    private static void write(ManifestLocation location, JsonGenerator json) throws IOException {
        json.writeStringField("source", location.source());
        if (location.line() > 0) {
            json.writeNumberField("document", location.document());
            json.writeNumberField("line", location.line());
        }
    }

    private static void write(CheckResult.Judged judged, JsonGenerator json) throws IOException {
        json.writeStartObject();
        write(judged.location(), json);
        json.writeStringField("kind", judged.subject().kind());
        JsonReport.optional(json, "namespace", judged.subject().meta().namespace());
        JsonReport.optional(json, "name", judged.subject().meta().displayName());
        json.writeStringField("level", judged.level().label());
        json.writeBooleanField("allowed", judged.allowed());
        JsonReport.optional(json, "exempt", judged.exemption());
        json.writeArrayFieldStart("findings");
        for (Finding finding : judged.findings()) {
            write(finding, null, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(CheckResult.NotJudged unknown, JsonGenerator json) throws IOException {
        json.writeStartObject();
        write(unknown.location(), json);
        json.writeStringField("apiVersion", unknown.subject().apiVersion());
        json.writeStringField("kind", unknown.subject().kind());
        JsonReport.optional(json, "namespace", unknown.subject().meta().namespace());
        JsonReport.optional(json, "name", unknown.subject().meta().displayName());
        json.writeStringField("message", unknown.message() + ".");
        json.writeEndObject();
    }

    /** @param level the lowest that has it; null where the report is about one level */
    static void write(Finding finding, @Nullable Level level, JsonGenerator json) throws IOException {
        Container container = finding.container();
        json.writeStartObject();
        JsonReport.optional(json, "level", level == null ? null : level.label());
        json.writeStringField("check", finding.check());
        json.writeStringField("kind", finding.kind().label());
        if (container != null) {
            json.writeStringField("container", container.name());
        }
        json.writeStringField("path", finding.path().toString());
        json.writeStringField("message", finding.message());
        json.writeStringField("fix", finding.fix() + ".");
        JsonReport.optional(
                json,
                "confidence",
                finding.confidence() == null ? null : finding.confidence().label());
        JsonReport.optional(
                json, "cause", finding.cause() == null ? null : finding.cause().label());
        json.writeEndObject();
    }

    @Override
    public void end() {
        report.write(json -> {
            json.writeEndArray();
            json.writeArrayFieldStart("notJudged");
            for (CheckResult.NotJudged unknown : notJudged) {
                write(unknown, json);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("errors");
            for (CheckResult.Unreadable error : errors) {
                json.writeStartObject();
                write(error.location(), json);
                json.writeStringField("message", error.message());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
        report.end(out);
    }
}
