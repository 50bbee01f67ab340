package dev.unroot;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Options as they are by default, but for what a test is about: so that what else an option may say costs no test. */
public final class Changed {
    private Changed() {}

    /**
     * The same record with some of its components changed.
     *
     * @param namesAndValues a component's name, its value, and so on; whole numbers fit int and long
     */
    public static <R extends Record> R of(R usual, Object... namesAndValues) {
        Map<Object, Object> changes = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            changes.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        List<Class<?>> types = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        try {
            for (RecordComponent component : usual.getClass().getRecordComponents()) {
                Object value = changes.containsKey(component.getName())
                        ? changes.remove(component.getName())
                        : component.getAccessor().invoke(usual);
                types.add(component.getType());
                values.add(component.getType() == long.class ? ((Number) value).longValue() : value);
            }
            if (!changes.isEmpty()) {
                throw new IllegalArgumentException(usual.getClass().getSimpleName() + " has no " + changes.keySet());
            }
            @SuppressWarnings("unchecked")
            R changed = (R) usual.getClass()
                    .getDeclaredConstructor(types.toArray(Class[]::new))
                    .newInstance(values.toArray());
            return changed;
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
