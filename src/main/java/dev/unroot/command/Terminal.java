package dev.unroot.command;

import dev.unroot.common.Text;
import java.io.BufferedWriter;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The streams a command talks through. Whatever the locale says, they speak UTF-8; a reader that went away (a closed
 * pipe) is not an error.
 *
 * @param colours the output is read by a person on a terminal that knows colours
 * @param verbose stack traces are wanted
 */
public record Terminal(InputStream in, PrintWriter out, PrintWriter err, boolean colours, boolean verbose) {
    private static final String VERBOSE = "UNROOT_VERBOSE";

    /** The process's own streams. */
    public static Terminal system() {
        Map<String, String> environment = System.getenv();
        return new Terminal(
                System.in,
                writer(FileDescriptor.out),
                writer(FileDescriptor.err),
                wantsColours(isTerminal(System.console()), environment),
                !environment.getOrDefault(VERBOSE, "").isEmpty());
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(
                new BufferedWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8)));
    }

    /** From JDK 22 on there can be a Console that is no terminal, and only newer ones can be asked. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Sources: no-color.org, terminfo's "dumb". */
    static boolean wantsColours(boolean isTerminal, Map<String, String> environment) {
        return isTerminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /** Says what went wrong, after all that was said before. */
    void complain(String message) {
        out.flush();
        message.lines().forEach(line -> err.println(Text.visible(line)));
        err.flush();
    }

    void fault(Throwable fault, boolean stackTrace) {
        complain("unroot: internal fault: " + fault
                + (stackTrace || verbose ? "" : " (--verbose shows the stack trace)"));
        if (stackTrace || verbose) {
            fault.printStackTrace(err);
            err.flush();
        }
    }
}
