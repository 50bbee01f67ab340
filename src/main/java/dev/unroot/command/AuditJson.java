package dev.unroot.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.unroot.audit.AuditReport;
import dev.unroot.audit.ImageAudit;
import dev.unroot.audit.JudgedSpec;
import dev.unroot.audit.NamespaceAudit;
import dev.unroot.audit.State;
import dev.unroot.audit.WorkloadAudit;
import dev.unroot.model.Finding;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Level;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** {@code audit}'s report for programs: an AuditReport. */
final class AuditJson {
    private final PrintWriter out;

    AuditJson(PrintWriter out) {
        this.out = out;
    }

    /** @param level that images are told at */
    void print(AuditReport report, Level level) {
        JsonReport json = new JsonReport(out, "AuditReport");
        json.write(top -> {
            top.writeStringField(
                    "generated", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
            top.writeStringField("level", level.label());
            top.writeNumberField("finishedPods", report.finished());
            top.writeNumberField("staticPods", report.mirrors());
            top.writeArrayFieldStart("namespaces");
            for (NamespaceAudit namespace : report.namespaces()) {
                write(namespace, top);
            }
            top.writeEndArray();
            top.writeArrayFieldStart("workloads");
            for (WorkloadAudit workload : report.workloads()) {
                write(workload, top);
            }
            top.writeEndArray();
            top.writeArrayFieldStart("images");
            for (ImageAudit image : report.images(level)) {
                write(image, top);
            }
            top.writeEndArray();
        });
        json.end(out);
    }

    private static void write(NamespaceAudit namespace, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", namespace.name());
        json.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> label : new java.util.TreeMap<>(namespace.labels()).entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("workloads", namespace.workloads());
        json.writeNumberField("exempt", namespace.exempt());
        json.writeObjectFieldStart("levels");
        for (Level level : JudgedSpec.LEVELS) {
            json.writeObjectFieldStart(level.label());
            for (State state : new State[] {State.READY, State.DENIED, State.WILL_NOT_START, State.NOT_VERIFIED}) {
                json.writeNumberField(state.label(), namespace.count(level, state));
            }
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void write(WorkloadAudit workload, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("apiVersion", workload.workload().apiVersion());
        json.writeStringField("kind", workload.workload().key().kind());
        JsonReport.optional(json, "namespace", workload.workload().key().namespace());
        json.writeStringField("name", workload.workload().key().name());
        json.writeNumberField("replicas", workload.workload().replicas());
        JsonReport.optional(json, "exempt", workload.exempt());
        json.writeObjectFieldStart("states");
        if (workload.exempt() == null) {
            for (Level level : JudgedSpec.LEVELS) {
                json.writeStringField(level.label(), workload.at(level).label());
            }
        }
        json.writeEndObject();
        json.writeArrayFieldStart("findings");
        for (Map.Entry<Level, java.util.List<Finding>> at :
                workload.byLowestLevel().entrySet()) {
            for (Finding finding : at.getValue()) {
                CheckJson.write(finding, at.getKey(), json);
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(ImageAudit image, JsonGenerator json) throws IOException {
        ImageUser user = image.user();
        json.writeStartObject();
        json.writeStringField("image", image.image());
        JsonReport.optional(json, "digest", image.digest());
        json.writeNumberField("workloads", image.workloads());
        JsonReport.optional(json, "user", user == null ? null : user.raw());
        JsonReport.optional(json, "uid", user == null ? null : user.uid());
        json.writeStringField("verdict", image.verdict().label());
        json.writeEndObject();
    }
}
