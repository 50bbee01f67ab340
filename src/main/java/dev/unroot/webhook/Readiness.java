package dev.unroot.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What must hold before requests should come here, first of all that everything has begun: a server may be asked as soon
 * as it listens, when not every condition is there yet. Thread-safe; conditions may be added at any time.
 */
public final class Readiness {
    private static final String START = "start";

    private final Map<String, Condition> conditions = new ConcurrentSkipListMap<>();

    public Readiness() {
        require(START, () -> "in progress");
    }

    /** Says what is missing. Called on every probe, so it must not block. */
    public interface Condition {
        /** What is missing, in a few words; null where nothing is. */
        @Nullable
        String missing();
    }

    /** Adds a condition, in place of any of the same name. */
    public void require(String name, Condition condition) {
        conditions.put(name, condition);
    }

    /** To be called once whatever has a condition has added it. */
    public void started() {
        conditions.remove(START);
    }

    /** A line per condition that does not hold; empty when ready. A condition that throws does not hold. */
    List<String> missing() {
        List<String> missing = new ArrayList<>(0);
        conditions.forEach((name, condition) -> {
            String what = ask(condition);
            if (what != null) {
                missing.add(name + ": " + what);
            }
        });
        return missing;
    }

    private static @Nullable String ask(Condition condition) {
        try {
            return condition.missing();
        } catch (RuntimeException e) {
            return "could not be determined (" + e.getClass().getSimpleName() + ")";
        }
    }
}
