package dev.unroot.webhook;

import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.common.Text;
import dev.unroot.manifest.Fields;
import dev.unroot.manifest.ManifestException;
import dev.unroot.model.FieldPath;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses an object that has a key twice, of which every reader takes what it likes. No API server writes such an envelope:
 * whoever does would have us judge one request and somebody else act on the other.
 *
 * <p>The keys that API servers send cost a bit each; only for others is a set made.
 */
final class DuplicateKeys implements Fields.FieldReader {
    static final Map<String, Integer> OF_REVIEW = numbered("apiVersion", "kind", "request", "response");
    /** Source: Kubernetes {@code staging/src/k8s.io/api/admission/v1/types.go}, {@code AdmissionRequest}. */
    static final Map<String, Integer> OF_REQUEST = numbered(
            "uid",
            "kind",
            "resource",
            "subResource",
            "requestKind",
            "requestResource",
            "requestSubResource",
            "name",
            "namespace",
            "operation",
            "userInfo",
            "object",
            "oldObject",
            "dryRun",
            "options");
    /** GroupVersionKind and GroupVersionResource. */
    static final Map<String, Integer> OF_TYPE = numbered("group", "version", "kind", "resource");

    static final Map<String, Integer> OF_USER = numbered("username", "uid", "groups", "extra");

    private final FieldPath path;
    private final Map<String, Integer> expected;
    private final Fields.FieldReader reader;
    private int seen;
    private @Nullable Set<String> others;

    /**
     * @param path of the object, for messages
     * @param expected keys that usually come, one of the constants here
     * @param reader of the fields, each of which comes to it once
     */
    DuplicateKeys(FieldPath path, Map<String, Integer> expected, Fields.FieldReader reader) {
        this.path = path;
        this.expected = expected;
        this.reader = reader;
    }

    private static Map<String, Integer> numbered(String... keys) {
        Map<String, Integer> bits = new HashMap<>();
        for (String key : keys) {
            bits.put(key, 1 << bits.size());
        }
        return Map.copyOf(bits);
    }

    @Override
    public void read(String name, JsonParser parser) throws IOException, ManifestException {
        Integer bit = expected.get(name);
        boolean again;
        if (bit != null) {
            again = (seen & bit) != 0;
            seen |= bit;
        } else {
            if (others == null) {
                others = new HashSet<>();
            }
            again = !others.add(name);
        }
        if (again) {
            throw new ManifestException(
                    path.child(name),
                    path + " has the key " + Text.quote(name) + " twice"
                            + AdmissionReviewReader.at(parser.currentTokenLocation())
                            + ", of which readers take which they like: remove one");
        }
        reader.read(name, parser);
    }
}
