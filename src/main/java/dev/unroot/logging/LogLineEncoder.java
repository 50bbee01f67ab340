package dev.unroot.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes a log line as one flat JSON object: {@code timestamp}, {@code level}, {@code logger}, {@code thread} and
 * {@code message}, then what the line tells besides, each under its own key, and an {@code exception} with its stack
 * trace. Log collectors find {@code namespace} where {@code level} is. Made by logback.xml.
 */
public final class LogLineEncoder extends EncoderBase<ILoggingEvent> {
    /** Characters of a text. Messages of denials are shorter; what is longer came from elsewhere. */
    static final int LONGEST_TEXT = 16 << 10;
    /** Keys beside the line's own. */
    static final int MOST_KEYS = 64;

    private static final byte[] NOTHING = {};

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Set<String> keys = new HashSet<>();
        StringBuilder line = new StringBuilder(256).append('{');
        text(line, keys, "timestamp", event.getInstant().toString());
        text(line, keys, "level", String.valueOf(event.getLevel()));
        text(line, keys, "logger", event.getLoggerName());
        text(line, keys, "thread", event.getThreadName());
        text(line, keys, "message", event.getFormattedMessage());
        keys.add("exception");
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.stream().limit(MOST_KEYS).forEach(pair -> value(line, keys, pair.key, pair.value));
        }
        if (event.getThrowableProxy() != null) {
            line.append(",\"exception\":");
            LogText.quote(line, StackTrace.of(event.getThrowableProxy()), StackTrace.LONGEST);
        }
        return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void value(StringBuilder line, Set<String> keys, String key, @Nullable Object value) {
        boolean bare = value == null
                || value instanceof Boolean
                || (value instanceof Number number && Double.isFinite(number.doubleValue()));
        if (!bare) {
            text(line, keys, key, String.valueOf(value));
            return;
        }
        key(line, keys, key);
        line.append(value);
    }

    private static void text(StringBuilder line, Set<String> keys, String key, @Nullable String text) {
        key(line, keys, key);
        LogText.quote(line, text == null ? "" : text, LONGEST_TEXT);
    }

    /** One that the line has already, its own among them, would make two of one: it gets another name. */
    private static void key(StringBuilder line, Set<String> keys, String key) {
        String free = key;
        while (!keys.add(free)) {
            free += "_";
        }
        if (line.length() > 1) {
            line.append(',');
        }
        LogText.quote(line, free, LONGEST_TEXT);
        line.append(':');
    }
}
