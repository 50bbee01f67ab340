package dev.unroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnrootCommandTest {
    private final FakeServices services = new FakeServices();

    @ParameterizedTest
    @ValueSource(strings = {"serve", "check", "image"})
    void everyCommandHasHelpWithExamples(String command) {
        Run run = Run.of(services, command, "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Usage: unroot " + command, "Examples:", "  unroot " + command + " ");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void helpNamesTheCommands() {
        assertThat(Run.of(services, "--help").out()).contains("  serve ", "  check ", "  image ", "Examples:");
        assertThat(Run.of(services, "--version").out()).startsWith("unroot ");
        assertThat(Run.of(services, "--version").status()).isZero();
    }

    @Test
    void withoutACommandThereIsNothingToDo() {
        Run run = Run.of(services);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("unroot: name a command: serve, check, audit or image\nTry unroot --help\n");
    }

    @Test
    void aWordTooManyIsTakenForWhatItMayHaveBeenMeantToBe() {
        Run run = Run.of(services, "chekc");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("unroot: \"chekc\" is no command: did you mean check?\nTry unroot --help\n");
        assertThat(Run.of(services, "verify").err())
                .isEqualTo("unroot: \"verify\" is no command: name serve, check, audit or image\nTry unroot --help\n");
        assertThat(Run.of(services, "serve", "--prot", "1").err())
                .startsWith("unroot serve: there is no option \"--prot\". Did you mean --port?\n");
        assertThat(Run.of(services, "image", "--ofline", "a:1").err())
                .startsWith("unroot image: there is no option \"--ofline\"");
        assertThat(Run.of(services, "--offline").err())
                .startsWith("unroot: there is no option \"--offline\" here: it is one of ");
        assertThat(Run.of(services, "check", "-f", "a.yaml", "b.yaml").err())
                .startsWith("unroot check: \"b.yaml\" stands by itself: write -f before each file\n");
        assertThat(Run.of(services, "serve", "now").err()).startsWith("unroot serve: \"now\" is not known here\n");
    }

    @Test
    void serveHandsItsOptionsOver() {
        services.serveStatus = 1;
        assertThat(Run.of(services, "serve").status()).isEqualTo(1);
        assertThat(services.served).isEqualTo(new ServeOptions(null, false, null, 8443, 8080, null));
        Run.of(
                services,
                "serve",
                "--standalone",
                "--config=c.yaml",
                "--images=layout",
                "--port=0",
                "--management-port=0",
                "--write-ca=ca.crt");
        assertThat(services.served)
                .isEqualTo(new ServeOptions(Path.of("c.yaml"), true, Path.of("layout"), 0, 0, Path.of("ca.crt")));
    }

    @Test
    void serveRefusesWhatCannotBe() {
        assertUsage("--port must be between 0 and 65535, not 70000", "--port=70000");
        assertUsage("--management-port must be between 0 and 65535, not -1", "--management-port=-1");
        assertUsage("--port and --management-port must differ", "--port=8080");
        assertUsage("--write-ca needs --standalone: only then is there a CA to write", "--write-ca=x");
        assertUsage("Invalid value for option '--port': 'http' is not an int", "--port=http");
        assertThat(services.served).isNull();
    }

    private void assertUsage(String message, String argument) {
        Run run = Run.of(services, "serve", argument);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("unroot serve: " + message + "\nTry unroot serve --help\n");
    }

    @Test
    void aFaultOfOurOwnIsShortUnlessAskedFor() {
        Services broken = new BrokenServices();
        StringWriter quiet = new StringWriter();
        StringWriter loud = new StringWriter();
        assertThat(UnrootCommand.run(broken, terminal(quiet, false), "serve")).isEqualTo(2);
        assertThat(quiet)
                .hasToString("unroot: internal fault: java.lang.IllegalStateException: oh"
                        + " (--verbose shows the stack trace)\n");
        assertThat(UnrootCommand.run(broken, terminal(loud, true), "serve")).isEqualTo(2);
        assertThat(loud.toString()).contains("internal fault").contains("\tat dev.unroot");
    }

    private static Terminal terminal(Writer err, boolean verbose) {
        return new Terminal(
                InputStream.nullInputStream(),
                new PrintWriter(Writer.nullWriter()),
                new PrintWriter(err),
                false,
                verbose);
    }

    private static final class BrokenServices implements Services {
        @Override
        public SubjectJudge judging(CheckOptions options) {
            throw new IllegalStateException("oh");
        }

        @Override
        public ImageInspector images(@Nullable Path layout) {
            throw new IllegalStateException("oh");
        }

        @Override
        public int serve(ServeOptions options) {
            throw new IllegalStateException("oh");
        }

        @Override
        public ClusterTasks cluster() {
            throw new IllegalStateException("oh");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void aReaderThatWentAwayIsNoError(String format) {
        Writer closedPipe = new Writer() {
            @Override
            public void write(char[] buffer, int from, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void close() {}
        };
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(), new PrintWriter(closedPipe), new PrintWriter(err), false, false);
        services.image("numeric:1", new dev.unroot.model.ImageUser.Numeric("1000", 1000L, 0L));
        assertThat(UnrootCommand.run(services, terminal, "image", "numeric:1", "numeric:1", "--output", format))
                .isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void coloursAreForTerminalsThatKnowThem() {
        assertThat(Terminal.wantsColours(true, Map.of("TERM", "xterm-256color")))
                .isTrue();
        assertThat(Terminal.wantsColours(true, Map.of("TERM", "xterm", "NO_COLOR", "")))
                .isTrue();
        assertThat(Terminal.wantsColours(false, Map.of("TERM", "xterm"))).isFalse();
        assertThat(Terminal.wantsColours(true, Map.of("TERM", "xterm", "NO_COLOR", "1")))
                .isFalse();
        assertThat(Terminal.wantsColours(true, Map.of("TERM", "dumb"))).isFalse();
        assertThat(Terminal.wantsColours(true, Map.of())).isFalse();
    }
}
