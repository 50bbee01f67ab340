package dev.unroot.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.unroot.common.Deadline;
import dev.unroot.manifest.Fields;
import dev.unroot.manifest.ManifestException;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.SubjectReader;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.FieldPath;
import dev.unroot.model.Subject;
import dev.unroot.review.ExistingPods.Found;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the pages of one {@code PodList} as they arrive: so many pods, and whether there are more. For one thread. */
final class PodListReader {
    private static final TypeMeta POD = new TypeMeta("v1", "Pod");
    private static final FieldPath LIST = FieldPath.of("list");

    private final SubjectReader subjects = new SubjectReader(PodTemplates.BUILT_IN);
    private final int most;
    private final Deadline deadline;
    private final List<Subject> pods = new ArrayList<>();
    private boolean cut;
    private boolean late;
    private String next = "";

    PodListReader(int most, Deadline deadline) {
        this.most = most;
        this.deadline = deadline;
    }

    /** A field's name in an object can be as long as an environment variable's. */
    static JsonParser open(InputStream body) throws IOException {
        StreamReadConstraints constraints =
                StreamReadConstraints.builder().maxNameLength(Integer.MAX_VALUE).build();
        return JsonFactory.builder()
                .streamReadConstraints(constraints)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build()
                .createParser(body);
    }

    /** The token of the next page, empty after the last that is wanted; null where the deadline came first. */
    @Nullable
    String read(JsonParser page) throws IOException {
        next = "";
        try {
            page.nextToken();
            Fields.object(page, LIST, (field, parser) -> {
                switch (field) {
                    case "metadata" -> Fields.object(parser, LIST.child(field), this::readMetadata);
                    case "items" -> Fields.list(parser, LIST.child(field), this::readItem);
                    default -> parser.skipChildren();
                }
            });
        } catch (OutOfTime end) {
            late = true;
        } catch (ManifestException wrong) {
            throw new IOException("the list cannot be read: " + wrong.getMessage());
        }
        if (pods.size() >= most) {
            cut |= !next.isEmpty();
            return "";
        }
        return late ? null : next;
    }

    private void readMetadata(String field, JsonParser parser) throws IOException, ManifestException {
        if (field.equals("continue")) {
            String token = Fields.string(parser, LIST.child("metadata").child(field));
            next = token == null ? "" : token;
        } else {
            parser.skipChildren();
        }
    }

    private void readItem(int index, JsonParser parser) throws IOException, ManifestException {
        if (deadline.isOver()) {
            throw new OutOfTime();
        }
        if (pods.size() < most) {
            pods.add(subjects.read(parser, POD));
        } else {
            // An API server that does not keep to the limit.
            parser.skipChildren();
            cut = true;
        }
    }

    Found found(@Nullable String problem) {
        return new Found(pods, cut, problem);
    }

    /** Leaves a list in its middle. */
    private static final class OutOfTime extends IOException {
        private static final long serialVersionUID = 1L;

        OutOfTime() {
            super("out of time");
        }
    }
}
