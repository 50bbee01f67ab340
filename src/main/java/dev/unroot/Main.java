package dev.unroot;

import dev.unroot.command.Terminal;
import dev.unroot.command.UnrootCommand;

/** {@code java -jar unroot.jar COMMAND}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(UnrootCommand.run(new Wiring(), Terminal.system(), arguments));
    }
}
