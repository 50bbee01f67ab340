package dev.unroot.command;

import dev.unroot.common.Spelling;
import dev.unroot.common.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with how a command was called: the first word that nothing is known of, before all else. */
final class Usage {
    private Usage() {}

    /**
     * A sentence without full stop. The parser tells of a missing option before it tells of one that it does not know,
     * and counts words where people mistype a command or forget an option.
     *
     * @param commands those that may be named, as they are listed for people
     */
    static String wrong(ParameterException failure, String commands) {
        CommandLine command = failure.getCommandLine();
        List<String> unknown = failure instanceof UnmatchedArgumentException unmatched
                ? unmatched.getUnmatched()
                : command.getUnmatchedArguments();
        if (unknown.isEmpty()) {
            return Text.visible(Text.why(failure));
        }
        String first = unknown.get(0);
        boolean option = first.startsWith("-") && first.length() > 1;
        return option ? option(command, first) : word(command, first, failure, commands);
    }

    private static String option(CommandLine command, String given) {
        String name = given.startsWith("--") && given.contains("=") ? given.substring(0, given.indexOf('=')) : given;
        String what = "there is no option " + Text.quote(name);
        String near = Spelling.nearest(name, names(command)).orElse("");
        if (!near.isEmpty()) {
            return what + ". Did you mean " + near + "?";
        }
        CommandLine parent = command.getParent();
        List<String> others = new ArrayList<>();
        (parent == null ? command : parent).getSubcommands().forEach((other, line) -> {
            boolean isPublic = !line.getCommandSpec().usageMessage().hidden();
            if (isPublic && line != command && names(line).contains(name)) {
                others.add(other);
            }
        });
        return others.isEmpty() ? what : what + " here: it is one of " + String.join(" and ", others);
    }

    private static List<String> names(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Stream.of(option.names()))
                .toList();
    }

    private static String word(CommandLine command, String word, ParameterException failure, String commands) {
        return switch (command.getCommandName()) {
            case "unroot" -> Text.quote(word) + " is no command: " + meant(command, word, commands);
            case "check" ->
                failure instanceof UnmatchedArgumentException
                        ? Text.quote(word) + " stands by itself: write -f before each file"
                        : Text.quote(word) + " stands by itself: write check -f " + Text.plain(word);
            default -> Text.quote(word) + " is not known here";
        };
    }

    private static String meant(CommandLine command, String word, String commands) {
        return Spelling.nearest(word, command.getSubcommands().keySet())
                .map(near -> "did you mean " + near + "?")
                .orElse("name " + commands);
    }
}
