package dev.unroot.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.unroot.model.FieldPath;
import dev.unroot.model.ObjectMeta;
import dev.unroot.model.Pod;
import dev.unroot.model.PodStatus;
import dev.unroot.model.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Kubernetes object from JSON tokens, keeping only what is judged. One pass, no tree: this stands in the path
 * of every admission.
 */
public final class SubjectReader {
    private static final String LABEL_PREFIX = "unroot.dev/";
    private static final String MIRROR_ANNOTATION = "kubernetes.io/config.mirror";
    private static final TypeMeta POD = new TypeMeta("v1", "Pod");
    private static final FieldPath OBJECT = FieldPath.of("object");
    private static final FieldPath METADATA = FieldPath.of("metadata");
    private static final FieldPath STATUS = FieldPath.of("status");

    private final PodTemplates templates;
    private final boolean withStatus;

    public SubjectReader(PodTemplates templates) {
        this(templates, false);
    }

    /** @param withStatus whether to read a pod's status: no verdict depends on it */
    SubjectReader(PodTemplates templates, boolean withStatus) {
        this.templates = templates;
        this.withStatus = withStatus;
    }

    /**
     * Reads the object whose opening brace the parser stands on, and leaves it on the closing one.
     *
     * @param type the object's type, known beforehand: the fields that say it may come last
     * @throws ManifestException for a judged field of a wrong type
     * @throws IOException for what is not JSON
     */
    public Subject read(JsonParser parser, TypeMeta type) throws IOException, ManifestException {
        Parts parts = new Parts(templates.find(type), withStatus && type.equals(POD));
        Fields.object(parser, OBJECT, parts::readTopLevel);
        return new Subject(type.apiVersion(), type.kind(), parts.meta, parts.pod(), parts.status);
    }

    PodTemplates templates() {
        return templates;
    }

    private static final class Parts {
        private final PodTemplates.@Nullable Place place;
        private ObjectMeta meta = ObjectMeta.EMPTY;
        private @Nullable Pod pod;

        private final boolean withStatus;
        private @Nullable PodStatus status;

        Parts(PodTemplates.@Nullable Place place, boolean withStatus) {
            this.place = place;
            this.withStatus = withStatus;
        }

        void readTopLevel(String name, JsonParser parser) throws IOException, ManifestException {
            if (name.equals("metadata")) {
                meta = readMetadata(parser);
            } else if (withStatus && name.equals("status")) {
                Fields.object(parser, STATUS, this::readStatus);
            } else {
                readTowardsSpec(0, name, parser);
            }
        }

        private void readStatus(String field, JsonParser parser) throws IOException, ManifestException {
            if (field.equals("phase")) {
                status = new PodStatus(Fields.text(parser, STATUS, field));
            } else {
                parser.skipChildren();
            }
        }

        private void readTowardsSpec(int depth, String name, JsonParser parser) throws IOException, ManifestException {
            if (place == null || !name.equals(place.fields().get(depth))) {
                parser.skipChildren();
            } else if (depth == place.fields().size() - 1) {
                pod = PodReader.read(parser, place.path());
            } else {
                Fields.object(
                        parser,
                        FieldPath.of(String.join(".", place.fields().subList(0, depth + 1))),
                        (inner, innerParser) -> readTowardsSpec(depth + 1, inner, innerParser));
            }
        }

        /**
         * An object of a built-in kind always has one, if only an empty one. One of another kind may do without: a Rollout
         * can name a Deployment instead.
         */
        @Nullable
        Pod pod() {
            return pod == null && place != null && place.always() ? PodReader.empty(place.path()) : pod;
        }
    }

    private static ObjectMeta readMetadata(JsonParser parser) throws IOException, ManifestException {
        Metadata metadata = new Metadata();
        Fields.object(parser, METADATA, metadata);
        return new ObjectMeta(
                metadata.namespace,
                metadata.name,
                metadata.generateName,
                metadata.deleting,
                metadata.mirror,
                metadata.owners,
                metadata.labels);
    }

    private static final class Metadata implements Fields.FieldReader {
        private @Nullable String namespace;
        private @Nullable String name;
        private @Nullable String generateName;
        private boolean deleting;
        private boolean mirror;
        private List<ObjectMeta.Owner> owners = List.of();
        private Map<String, String> labels = Map.of();

        @Override
        public void read(String field, JsonParser parser) throws IOException, ManifestException {
            switch (field) {
                case "namespace" -> namespace = Fields.string(parser, METADATA, field);
                case "name" -> name = Fields.string(parser, METADATA, field);
                case "generateName" -> generateName = Fields.string(parser, METADATA, field);
                case "deletionTimestamp" -> deleting = parser.currentToken() != JsonToken.VALUE_NULL;
                case "labels" -> Fields.object(parser, METADATA.child(field), this::readLabel);
                case "annotations" -> Fields.object(parser, METADATA.child(field), this::readAnnotation);
                case "ownerReferences" -> readOwners(parser);
                default -> parser.skipChildren();
            }
        }

        private void readLabel(String key, JsonParser parser) throws IOException, ManifestException {
            if (!key.startsWith(LABEL_PREFIX)) {
                parser.skipChildren();
                return;
            }
            String value = Fields.string(parser, METADATA.child("labels").child(key));
            if (labels.isEmpty()) {
                labels = new HashMap<>();
            }
            labels.put(key, value == null ? "" : value);
            if (labels.size() > Fields.MOST_ENTRIES) {
                throw Fields.tooMany(METADATA.child("labels"), Fields.MOST_ENTRIES);
            }
        }

        private void readAnnotation(String key, JsonParser parser) throws IOException {
            mirror |= key.equals(MIRROR_ANNOTATION);
            parser.skipChildren();
        }

        private void readOwners(JsonParser parser) throws IOException, ManifestException {
            List<ObjectMeta.Owner> read = new ArrayList<>(1);
            Fields.list(parser, METADATA.child("ownerReferences"), Fields.MOST_ENTRIES, (index, item) -> {
                FieldPath path = METADATA.item("ownerReferences", index);
                OwnerReader owner = new OwnerReader(path);
                Fields.object(item, path, owner);
                read.add(owner.owner());
            });
            owners = read;
        }
    }

    private static final class OwnerReader implements Fields.FieldReader {
        private final FieldPath path;
        private String apiVersion = "";
        private String kind = "";
        private String name = "";
        private boolean controller;

        OwnerReader(FieldPath path) {
            this.path = path;
        }

        @Override
        public void read(String field, JsonParser parser) throws IOException, ManifestException {
            switch (field) {
                case "apiVersion" -> apiVersion = Fields.text(parser, path, field);
                case "kind" -> kind = Fields.text(parser, path, field);
                case "name" -> name = Fields.text(parser, path, field);
                case "controller" -> controller = Boolean.TRUE.equals(Fields.bool(parser, path, field));
                default -> parser.skipChildren();
            }
        }

        ObjectMeta.Owner owner() {
            return new ObjectMeta.Owner(apiVersion, kind, name, controller);
        }
    }
}
