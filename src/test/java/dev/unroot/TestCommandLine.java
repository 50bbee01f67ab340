package dev.unroot;

import dev.unroot.command.Services;
import dev.unroot.command.Terminal;
import dev.unroot.command.UnrootCommand;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;

/** The command line as {@link Main} runs it, within the test's own process. */
public final class TestCommandLine {
    private TestCommandLine() {}

    public record Result(int exit, String out, String err) {}

    /** What {@link Main} wires. */
    public static Services services() {
        return new Wiring();
    }

    public static Result run(Services services, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal =
                new Terminal(InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(err), false, false);
        int exit = UnrootCommand.run(services, terminal, arguments);
        return new Result(exit, out.toString(), err.toString());
    }
}
