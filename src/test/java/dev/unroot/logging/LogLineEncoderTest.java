package dev.unroot.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;

class LogLineEncoderTest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    @Test
    void isOneFlatObject() throws Exception {
        LoggingEvent event = event("denied", null);
        add(event, "namespace", "shop");
        add(event, "allowed", false);
        add(event, "milliseconds", 1.25);
        add(event, "port", 8443);
        add(event, "nothing", null);
        add(event, "infinite", Double.POSITIVE_INFINITY);
        assertThat(encode(event))
                .isEqualTo(
                        "{\"timestamp\":\"2026-02-03T04:05:06.789Z\",\"level\":\"INFO\",\"logger\":\"dev.unroot.decision\","
                                + "\"thread\":\"worker\",\"message\":\"denied\",\"namespace\":\"shop\",\"allowed\":false,"
                                + "\"milliseconds\":1.25,\"port\":8443,\"nothing\":null,\"infinite\":\"Infinity\"}\n");
    }

    @Test
    void noKeyIsThereTwice() throws Exception {
        LoggingEvent event = event("m", new IllegalStateException("x"));
        for (String key : new String[] {"level", "level", "message", "exception", "a", "a"}) {
            add(event, key, "mine");
        }
        JsonNode line = JSON.readTree(encode(event));
        assertThat(line.path("level").asText()).isEqualTo("INFO");
        assertThat(line.path("level_").asText()).isEqualTo("mine");
        assertThat(line.path("level__").asText()).isEqualTo("mine");
        assertThat(line.path("exception").asText()).startsWith("java.lang.IllegalStateException: x\n\tat ");
        assertThat(line.path("exception_").asText()).isEqualTo("mine");
        assertThat(line.path("a_").asText()).isEqualTo("mine");
    }

    @Test
    void whateverATextHoldsItIsOneLineAndTheSameText() throws Exception {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < Character.MAX_VALUE; c++) {
            all.append(Character.isSurrogate(c) ? 'x' : c);
        }
        all.append("😀");
        for (int start = 0; start < all.length(); start += 8000) {
            String text = all.substring(start, Math.min(all.length(), start + 8000));
            LoggingEvent event = event(text, null);
            add(event, text, text);
            String line = encode(event);
            assertThat(line.substring(0, line.length() - 1).chars())
                    .noneMatch(
                            c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0x202E || c == 0xFEFF);
            JsonNode read = JSON.readTree(line);
            assertThat(read.path("message").asText()).isEqualTo(text);
            assertThat(read.path(text).asText()).isEqualTo(text);
        }
        LoggingEvent half = event("a\ud83d", null);
        assertThat(JSON.readTree(encode(half)).path("message").asText()).isEqualTo("a\ufffd");
    }

    @Test
    void whatIsLongIsCut() throws Exception {
        Exception exception = new Exception("c".repeat(1_000_000));
        for (int i = 0; i < 100; i++) {
            exception = new Exception("wrapped", exception);
            exception.addSuppressed(new Exception("s".repeat(100_000)));
        }
        LoggingEvent event = event("m".repeat(1_000_000), exception);
        for (int i = 0; i < 1000; i++) {
            add(event, "k" + i, "v");
        }
        add(event, "late", "v");
        String line = encode(event);
        assertThat(line.length()).isLessThan(60_000);
        JsonNode read = JSON.readTree(line);
        assertThat(read.path("message").asText()).hasSize((16 << 10) + 7).endsWith("m… (cut)");
        assertThat(read.path("exception").asText()).startsWith("java.lang.Exception: wrapped\n\tat ");
        assertThat(read.size()).isEqualTo(5 + 64 + 1);
    }

    @Test
    void anExceptionThatIsItsOwnCauseEnds() throws Exception {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        assertThat(JSON.readTree(encode(event("m", second))).path("exception").asText())
                .contains("java.lang.Exception: second\n", "\nCaused by: java.lang.Exception: first\n");
    }

    /** The configuration in the jar uses it, and takes the level from the environment. */
    @ParameterizedTest
    @CsvSource({"'', INFO WARN", "debug, DEBUG INFO WARN", "Error, ''", "warn, WARN"})
    @Timeout(120)
    void theEnvironmentSaysHowMuchIsLogged(String level, String expected) throws Exception {
        StringBuilder levels = new StringBuilder();
        Process process = start(LogLines.class, level);
        for (String line : new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            levels.append(levels.isEmpty() ? "" : " ")
                    .append(JSON.readTree(line).path("level").asText());
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(levels.toString()).isEqualTo(expected);
    }

    @Test
    @Timeout(120)
    void aLevelThatIsNoneIsRefused() throws Exception {
        Process process = start(dev.unroot.Main.class, "loud");
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("unroot: UNROOT_LOG_LEVEL is \"loud\": it must be error, warn, info, debug or trace\n");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    private static Process start(Class<?> main, String level) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // The one of the jar, not of the tests.
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName());
        builder.environment().put(LogLevel.VARIABLE, level);
        return builder.start();
    }

    private static LoggingEvent event(String message, @Nullable Throwable exception) {
        Logger logger = new LoggerContext().getLogger("dev.unroot.decision");
        LoggingEvent event = new LoggingEvent("", logger, Level.INFO, message, exception, null);
        event.setInstant(Instant.parse("2026-02-03T04:05:06.789Z"));
        event.setThreadName("worker");
        return event;
    }

    private static void add(LoggingEvent event, String key, @Nullable Object value) {
        event.addKeyValuePair(new KeyValuePair(key, value));
    }

    private static String encode(LoggingEvent event) {
        return new String(new LogLineEncoder().encode(event), StandardCharsets.UTF_8);
    }
}
