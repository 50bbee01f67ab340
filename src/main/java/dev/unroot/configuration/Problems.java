package dev.unroot.configuration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Collects all that is wrong with a file, so that it is mended in one go. What stands before an {@code @}, as a user's name
 * and password do in an address that was written in the wrong place, is left out: problems go to logs.
 */
final class Problems {
    private static final Pattern USER_AND_PASSWORD = Pattern.compile("[^\\s\"@]*:[^\\s\"@]*@");

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    private record Problem(int line, String text) {}

    Problems(String file) {
        this.file = file;
    }

    /** @param line counted from 1 */
    void add(int line, String problem) {
        found.add(
                new Problem(line, at(line) + USER_AND_PASSWORD.matcher(problem).replaceAll("…@")));
    }

    /** {@code unroot.yaml:7: }. */
    String at(int line) {
        return file + ":" + line + ": ";
    }

    int count() {
        return found.size();
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** All of it, a line each, from top to bottom. */
    List<String> list() {
        return found.stream()
                .sorted(Comparator.comparingInt(Problem::line))
                .map(Problem::text)
                .toList();
    }
}
