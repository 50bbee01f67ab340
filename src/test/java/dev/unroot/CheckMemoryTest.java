package dev.unroot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All pods of a cluster, as kubectl writes them, go through {@code check} in a process whose heap they do not fit into. */
class CheckMemoryTest {
    private static final int PODS = 4000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"yaml, pipe", "json, file"})
    @Timeout(300)
    void whatIsLongerThanTheHeapIsJudged(String format, String way) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Path input = folder.resolve("pods." + format);
        boolean pipe = way.equals("pipe");
        if (!pipe) {
            try (Writer writer = Files.newBufferedWriter(input)) {
                writeJson(writer);
            }
            assertThat(Files.size(input)).isGreaterThan(48L << 20);
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx40m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        "check",
                        "--offline",
                        "-f",
                        pipe ? "-" : input.toString())
                .redirectInput(
                        pipe ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            if (pipe) {
                try (Writer writer = new BufferedWriter(process.outputWriter(UTF_8))) {
                    writeYaml(writer);
                } catch (IOException e) {
                    // It ended before its input did, and says why.
                }
            }
            assertThat(process.waitFor(280, TimeUnit.SECONDS)).as("ended").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(err)).isEmpty();
        assertThat(Files.readAllLines(out)).endsWith((PODS - 1) + " allowed, 1 denied");
        assertThat(process.exitValue()).isEqualTo(1);
    }

    private static void writeYaml(Writer out) throws IOException {
        String pod = """
                - apiVersion: v1
                  kind: Pod
                  metadata:
                    annotations:
                      note: "%s"
                    name: web-%d
                    namespace: shop
                  spec:
                    containers:
                    - image: registry.example/shop/web:1
                      name: web
                      securityContext:
                        runAsUser: %d
                """;
        String note = ("a word and another, ".repeat(4) + "\\\n        ").repeat(150);
        out.write("apiVersion: v1\nitems:\n");
        for (int i = 0; i < PODS; i++) {
            out.write(pod.formatted(note, i, i));
        }
        out.write("kind: List\nmetadata:\n  resourceVersion: \"\"\n");
    }

    private static void writeJson(Writer out) throws IOException {
        String pod =
                "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"web-%d\", \"labels\": {\"a\": \"%s\"}},"
                        + " \"spec\": {\"containers\": [{\"name\": \"web\", \"securityContext\": {\"runAsUser\": %d}}]}}";
        String note = "a word and another, ".repeat(700);
        out.write("{\"apiVersion\": \"v1\", \"items\": [");
        for (int i = 0; i < PODS; i++) {
            out.write((i == 0 ? "" : ",\n") + pod.formatted(i, note, i));
        }
        out.write("], \"kind\": \"List\"}\n");
    }
}
