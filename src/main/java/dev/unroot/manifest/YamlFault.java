package dev.unroot.manifest;

import dev.unroot.common.Text;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says what is wrong with YAML; the parser's words are kept where they are plain. */
public final class YamlFault {
    private YamlFault() {}

    /** A sentence without full stop. */
    static String notAllowed(int codePoint) {
        return String.format("not YAML: the character U+%04X is not allowed", codePoint);
    }

    /** A clause: {@code found unexpected end of stream}. */
    public static String what(MarkedYAMLException fault) {
        String problem = String.valueOf(fault.getProblem());
        return problem.startsWith("found character '\\t(TAB)'")
                ? "a tab stands where a line is indented, or begins something: indent with spaces"
                : Text.plain(problem);
    }
}
