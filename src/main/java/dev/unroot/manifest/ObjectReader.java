package dev.unroot.manifest;

import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.common.Text;
import dev.unroot.manifest.YamlNode.Mapping;
import dev.unroot.manifest.YamlNode.Sequence;
import dev.unroot.model.Account;
import dev.unroot.model.Container;
import dev.unroot.model.FieldPath;
import dev.unroot.model.Pod;
import dev.unroot.model.Subject;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the Kubernetes objects in a document: itself, or the items of a list. */
final class ObjectReader {
    private static final int DEEPEST_LIST = 8;
    private static final String LIST = "List";
    static final TypeMeta UNTYPED = new TypeMeta("", "");

    private final SubjectReader subjects;
    private final String source;
    private final int document;
    private final Consumer<ManifestResult> results;

    ObjectReader(SubjectReader subjects, String source, int document, Consumer<ManifestResult> results) {
        this.subjects = subjects;
        this.source = source;
        this.document = document;
        this.results = results;
    }

    void readRoot(YamlNode root) {
        if (!root.isNull()) {
            read(root, UNTYPED, 0);
        }
    }

    /** @param itemType what it may leave out */
    void readItem(YamlNode item, TypeMeta itemType) {
        read(item, itemType, 1);
    }

    static boolean isList(String kind) {
        return kind.endsWith(LIST);
    }

    /** What an item of such a list may leave out: nothing where the list is one of anything. */
    static TypeMeta itemType(TypeMeta list) {
        String kind = list.kind().substring(0, list.kind().length() - LIST.length());
        return kind.isEmpty() ? UNTYPED : new TypeMeta(list.apiVersion(), kind);
    }

    /** @param itemType what an item of a typed list may leave out */
    private void read(YamlNode node, TypeMeta itemType, int depth) {
        if (!(node instanceof Mapping mapping)) {
            unreadable(node.line(), "not a Kubernetes object, but " + node.description());
            return;
        }
        TypeMeta type = type(mapping, itemType);
        if (type == null) {
            return;
        }
        YamlNode items = mapping.get("items");
        if (!isList(type.kind()) || items == null) {
            readObject(mapping, type);
        } else if (depth == DEEPEST_LIST) {
            unreadable(mapping.line(), "lists within lists, more than " + DEEPEST_LIST + " deep");
        } else if (items instanceof Sequence sequence) {
            TypeMeta each = itemType(type);
            sequence.items().forEach(item -> read(item, each, depth + 1));
        } else if (!items.isNull()) {
            unreadable(items.line(), "items must be a list, not " + items.description());
        }
    }

    /** Null where it has none, which has then been told. */
    @Nullable
    TypeMeta type(Mapping object, TypeMeta itemType) {
        String apiVersion = field(object, "apiVersion", itemType.apiVersion());
        String kind = field(object, "kind", itemType.kind());
        if (apiVersion == null || kind == null) {
            return null;
        }
        if (apiVersion.isEmpty() || kind.isEmpty()) {
            String missing = apiVersion.isEmpty() ? (kind.isEmpty() ? "apiVersion and kind" : "apiVersion") : "kind";
            unreadable(object.line(), "not a Kubernetes object: it has no " + missing);
            return null;
        }
        return new TypeMeta(apiVersion, kind);
    }

    /** Null where it is not text, which has then been told. */
    private @Nullable String field(Mapping object, String name, String otherwise) {
        YamlNode.Entry entry = object.entries().get(name);
        if (entry == null || entry.value().isNull()) {
            return otherwise;
        }
        String text = entry.value().text();
        if (text == null) {
            unreadable(
                    entry.line(), name + " must be text, not " + entry.value().description());
        }
        return text;
    }

    private void readObject(Mapping object, TypeMeta type) {
        try (JsonParser tokens = NodeTokens.of(object)) {
            Subject subject = subjects.read(tokens, type);
            Pod pod = subject.pod();
            if (pod != null) {
                checkUsers(pod);
            }
            ManifestLocation location = new ManifestLocation(source, document, object.line());
            results.accept(
                    subjects.templates().contains(type)
                            ? new ManifestResult.Found(location, subject)
                            : new UnknownKind(subjects.templates()).judge(location, subject, object));
        } catch (ManifestException e) {
            String message = Text.why(e);
            unreadable(FieldLines.find(object, e.path()), message + YamlDocuments.hint(message));
        } catch (IOException e) {
            unreadable(object.line(), Text.why(e));
        }
    }

    /** An API server refuses such a uid, so there is no pod to judge. Source: Kubernetes IsValidUserID. */
    private static void checkUsers(Pod pod) throws ManifestException {
        checkUser(
                pod.securityContext().runAsUser(),
                pod.path().child("securityContext").child("runAsUser"));
        for (Container container : pod.containers()) {
            checkUser(container.written().runAsUser(), container.securityField("runAsUser"));
        }
    }

    private static void checkUser(@Nullable Long uid, FieldPath path) throws ManifestException {
        if (uid != null && (uid < 0 || uid > Account.MAX_UID)) {
            throw new ManifestException(path, path + " must be between 0 and " + Account.MAX_UID + ", not " + uid);
        }
    }

    void unreadable(int line, String message) {
        results.accept(new ManifestResult.Unreadable(new ManifestLocation(source, document, line), message));
    }
}
