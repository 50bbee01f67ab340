package dev.unroot.cluster;

import java.time.Duration;

/** What came of reading an object by its name, and how long it holds without asking again. */
sealed interface ReadResult<V> {
    Duration holds();

    /** It is there. */
    record Known<V>(V value) implements ReadResult<V> {
        @Override
        public Duration holds() {
            return Duration.ofMinutes(5);
        }
    }

    /**
     * The API server's word, or the object's own: it is of no use to us.
     *
     * @param problem a sentence part that names the object
     * @param holds short for what somebody may be about to create
     */
    record Useless<V>(String problem, Duration holds) implements ReadResult<V> {}

    /**
     * The API server gave no word. What was known before is still the best there is.
     *
     * @param problem a sentence part that names the object
     */
    record Failed<V>(String problem) implements ReadResult<V> {
        @Override
        public Duration holds() {
            return Duration.ofSeconds(5);
        }
    }
}
