package dev.unroot.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Opens JSON parsers for bodies that a stranger may have written.
 *
 * <p>A factory remembers field names so that the next body reads faster, and would keep up to 6000 of any length. It is
 * replaced after 16 MiB of input, so what it keeps can never be more than that.
 */
final class JsonInput {
    /** As deep as an API server reads an object (Go's encoding/json), and the review around it. */
    static final int DEEPEST = 10_000 + 16;

    private static final long BYTES_PER_FACTORY = 16L << 20;

    private final AtomicLong read = new AtomicLong();
    private volatile JsonFactory factory = newFactory();

    JsonParser open(byte[] bytes, int offset, int length) throws IOException {
        if (read.addAndGet(length) > BYTES_PER_FACTORY) {
            factory = newFactory();
            read.set(length);
        }
        return factory.createParser(bytes, offset, length);
    }

    private static JsonFactory newFactory() {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST)
                // Keys and texts are as long as the body lets them: an environment variable's name is a key in
                // managedFields, and has no limit. Refusing it would let its pod past a webhook that may be ignored.
                .maxNameLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .build();
        return JsonFactory.builder()
                .streamReadConstraints(constraints)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }
}
