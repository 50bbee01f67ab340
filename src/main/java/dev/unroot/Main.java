package dev.unroot;

import dev.unroot.command.Terminal;
import dev.unroot.command.UnrootCommand;
import dev.unroot.logging.LogLevel;

/** {@code java -jar unroot.jar COMMAND}. Needs no library itself, so that it can say where they are missing. */
public final class Main {
    private static final int CANNOT_START = 2;

    private Main() {}

    public static void main(String[] arguments) {
        try {
            String level = System.getenv("UNROOT_LOG_LEVEL");
            String wrong = level == null || level.isEmpty() ? null : LogLevel.set(level);
            if (wrong != null) {
                System.err.println("unroot: " + wrong);
                System.exit(CANNOT_START);
            }
            System.exit(UnrootCommand.run(new Wiring(), Terminal.system(), arguments));
        } catch (NoClassDefFoundError e) {
            String missing = Libraries.missing();
            if (missing == null) {
                throw e;
            }
            System.err.println("unroot: " + missing);
            System.exit(CANNOT_START);
        }
    }
}
