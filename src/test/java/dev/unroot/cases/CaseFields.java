package dev.unroot.cases;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The fields of one YAML object of a case, taken out one by one: a misspelt one is left over, and an error. */
final class CaseFields {
    private final Map<String, Object> left;

    private CaseFields(Map<String, Object> fields) {
        this.left = new LinkedHashMap<>(fields);
    }

    static CaseFields of(@Nullable Object object) {
        return new CaseFields(object == null ? Map.of() : asObject(object));
    }

    /** A YAML object with its keys as text. */
    static Map<String, Object> asObject(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(value + " is not an object");
        }
        Map<String, Object> object = new LinkedHashMap<>();
        map.forEach((key, field) -> object.put(String.valueOf(key), field));
        return object;
    }

    @Nullable
    Object any(String name) {
        return left.remove(name);
    }

    boolean has(String name) {
        return left.containsKey(name);
    }

    String text(String name) {
        String text = textOrNull(name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text;
    }

    @Nullable
    String textOrNull(String name) {
        Object value = any(name);
        if (value != null && !(value instanceof String)) {
            throw new IllegalArgumentException(name + " is " + value + ", which is no text: put it in quotes");
        }
        return (String) value;
    }

    boolean bool(String name) {
        return (Boolean) java.util.Objects.requireNonNull(any(name), name + " is missing");
    }

    boolean bool(String name, boolean otherwise) {
        return has(name) ? bool(name) : otherwise;
    }

    CaseFields object(String name) {
        return of(any(name));
    }

    Map<String, CaseFields> objects(String name) {
        Map<String, CaseFields> objects = new TreeMap<>();
        Object value = any(name);
        if (value != null) {
            asObject(value).forEach((key, field) -> objects.put(key, of(field)));
        }
        return objects;
    }

    List<CaseFields> items(String name) {
        Object value = any(name);
        return value == null
                ? List.of()
                : ((List<?>) value).stream().map(CaseFields::of).toList();
    }

    List<String> texts(String name, List<String> otherwise) {
        Object value = any(name);
        return value == null
                ? otherwise
                : ((List<?>) value).stream().map(String.class::cast).toList();
    }

    void nothingElse() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("a case has no " + left.keySet());
        }
    }
}
