package dev.unroot.webhook;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.unroot.common.Text;
import dev.unroot.manifest.Fields;
import dev.unroot.manifest.ManifestException;
import dev.unroot.manifest.SubjectReader;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.FieldPath;
import dev.unroot.model.Subject;
import dev.unroot.review.AdmissionRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code request} of an AdmissionReview.
 *
 * <p>Objects are read as they come where {@code kind} came first, as API servers write it; otherwise their place is
 * remembered and they are read in the end.
 */
final class RequestReader implements Fields.FieldReader {
    private static final FieldPath REQUEST = FieldPath.of("request");
    private static final Set<String> OPERATIONS = Set.of("CREATE", "UPDATE", "DELETE", "CONNECT");
    /** API servers send 36 characters. */
    private static final int LONGEST_UID = 128;
    /** Directories of large companies put a person into hundreds. */
    private static final int MOST_GROUPS = 10_000;

    private final JsonInput input;
    private final SubjectReader subjects;
    private final byte[] bytes;

    private String uid = "";
    private String name = "";
    private String namespace = "";
    private String operation = "";
    private String resource = "";
    private String subresource = "";
    private String username = "";
    private List<String> groups = List.of();
    private boolean dryRun;
    private @Nullable TypeMeta type;
    private @Nullable Subject object;
    private @Nullable Subject oldObject;
    private @Nullable Place objectPlace;
    private @Nullable Place oldObjectPlace;

    RequestReader(JsonInput input, SubjectReader subjects, byte[] bytes) {
        this.input = input;
        this.subjects = subjects;
        this.bytes = bytes;
    }

    /** Where an object stands in the body. */
    private record Place(int start, int end) {}

    @Override
    public void read(String field, JsonParser parser) throws IOException, ManifestException {
        switch (field) {
            case "uid" -> uid = text(field, parser);
            case "kind" -> type = readType(parser);
            case "resource" -> object(parser, REQUEST.child(field), DuplicateKeys.OF_TYPE, this::readResource);
            case "subResource" -> subresource = text(field, parser);
            case "name" -> name = text(field, parser);
            case "namespace" -> namespace = text(field, parser);
            case "operation" -> operation = text(field, parser);
            case "userInfo" -> object(parser, REQUEST.child(field), DuplicateKeys.OF_USER, this::readUser);
            case "dryRun" -> dryRun = Boolean.TRUE.equals(Fields.bool(parser, REQUEST, field));
            case "object" -> {
                objectPlace = type == null ? skip(parser) : null;
                object = type == null ? null : readObject(parser, field, type);
            }
            case "oldObject" -> {
                oldObjectPlace = type == null ? skip(parser) : null;
                oldObject = type == null ? null : readObject(parser, field, type);
            }
            default -> parser.skipChildren();
        }
    }

    private static void object(
            JsonParser parser, FieldPath path, Map<String, Integer> expected, Fields.FieldReader reader)
            throws IOException, ManifestException {
        Fields.object(parser, path, new DuplicateKeys(path, expected, reader));
    }

    private static String text(String field, JsonParser parser) throws IOException, ManifestException {
        return Fields.text(parser, REQUEST, field);
    }

    private static @Nullable TypeMeta readType(JsonParser parser) throws IOException, ManifestException {
        FieldPath path = REQUEST.child("kind");
        String[] parts = {"", "", ""};
        object(parser, path, DuplicateKeys.OF_TYPE, (field, value) -> {
            switch (field) {
                case "group" -> parts[0] = Fields.text(value, path, field);
                case "version" -> parts[1] = Fields.text(value, path, field);
                case "kind" -> parts[2] = Fields.text(value, path, field);
                default -> value.skipChildren();
            }
        });
        return parts[1].isEmpty() || parts[2].isEmpty() ? null : TypeMeta.of(parts[0], parts[1], parts[2]);
    }

    private void readResource(String field, JsonParser parser) throws IOException, ManifestException {
        if (field.equals("resource")) {
            resource = Fields.text(parser, REQUEST.child("resource"), field);
        } else {
            parser.skipChildren();
        }
    }

    private void readUser(String field, JsonParser parser) throws IOException, ManifestException {
        FieldPath path = REQUEST.child("userInfo");
        switch (field) {
            case "username" -> username = Fields.text(parser, path, field);
            case "groups" -> groups = Fields.strings(parser, path, field, MOST_GROUPS);
            default -> parser.skipChildren();
        }
    }

    private @Nullable Subject readObject(JsonParser parser, String field, TypeMeta known)
            throws IOException, ManifestException {
        if (parser.hasToken(JsonToken.VALUE_NULL)) {
            return null;
        }
        try {
            return subjects.read(parser, known);
        } catch (ManifestException e) {
            throw new ManifestException(e.path(), REQUEST.child(field) + ": " + e.getMessage());
        }
    }

    private static Place skip(JsonParser parser) throws IOException {
        int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
        parser.skipChildren();
        if (parser.currentToken().isScalarValue()) {
            parser.finishToken();
        }
        return new Place(start, Math.toIntExact(parser.currentLocation().getByteOffset()));
    }

    private @Nullable Subject readLater(@Nullable Place place, String field, TypeMeta known)
            throws IOException, ManifestException {
        if (place == null) {
            return null;
        }
        try (JsonParser parser = input.open(bytes, place.start(), place.end() - place.start())) {
            parser.nextToken();
            return readObject(parser, field, known);
        }
    }

    /** @throws ManifestException where something is missing that an API server always sends */
    ReceivedReview review() throws IOException, ManifestException {
        if (uid.isEmpty()) {
            throw wrong("uid", "is missing");
        }
        if (!isPrintable(uid)) {
            throw wrong("uid", "must be at most " + LONGEST_UID + " printable ASCII characters");
        }
        TypeMeta known = type;
        if (known == null) {
            throw wrong("kind", "is missing, or its version or kind is");
        }
        if (!OPERATIONS.contains(operation)) {
            throw wrong("operation", "must be CREATE, UPDATE, DELETE or CONNECT, not " + Text.quote(operation));
        }
        Subject after = object != null ? object : readLater(objectPlace, "object", known);
        Subject before = oldObject != null ? oldObject : readLater(oldObjectPlace, "oldObject", known);
        AdmissionRequest request = new AdmissionRequest(
                known, resource, subresource, namespace, operation, username, groups, after, before, false);
        if (after == null && (request.isCreate() || request.isUpdate())) {
            throw wrong("object", "is missing, and " + operation + " has one");
        }
        if (after != null && after.isPod() && namespace.isEmpty()) {
            throw wrong("namespace", "is missing, and a pod always has one");
        }
        String title = name.isEmpty() && after != null ? after.meta().displayName() : name;
        return new ReceivedReview(uid, title, dryRun, request);
    }

    private static boolean isPrintable(String text) {
        return text.length() <= LONGEST_UID && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    private static ManifestException wrong(String field, String what) {
        FieldPath path = REQUEST.child(field);
        return new ManifestException(path, path + " " + what);
    }
}
