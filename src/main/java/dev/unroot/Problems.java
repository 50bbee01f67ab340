package dev.unroot;

import java.util.ArrayList;
import java.util.List;

/** Collects all that is wrong with a file, so that it is mended in one go. */
final class Problems {
    private final String file;
    private final List<String> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    /** @param line counted from 1 */
    void add(int line, String problem) {
        found.add(at(line) + problem);
    }

    /** {@code unroot.yaml:7: }. */
    String at(int line) {
        return file + ":" + line + ": ";
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** All of it, a line each. */
    List<String> list() {
        return List.copyOf(found);
    }
}
