package dev.unroot.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.unroot.common.Text;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says what is wrong with JSON in our own words: the parser's tell of its own settings, and quote what stands there. Its
 * messages are known by how they begin; what is not known among them is told as what is not well formed.
 */
public final class JsonFault {
    /** More digits than any number in an object of a cluster has; the parser's own limit. */
    private static final String LONGEST_NUMBER = "1000";

    private static final Pattern UNEXPECTED = Pattern.compile("Unexpected character \\('(.)' \\(code");

    private JsonFault() {}

    /** A clause: {@code it ends where something is still open}. */
    public static String what(JsonProcessingException fault) {
        String message = fault.getOriginalMessage();
        if (fault instanceof JsonEOFException) {
            return "it ends where something is still open";
        }
        if (message.startsWith("Invalid UTF-8")) {
            return "bytes are no UTF-8";
        }
        if (message.startsWith("Illegal unquoted character")) {
            return "a text holds a control character that is not escaped";
        }
        if (message.startsWith("Unrecognized character escape")
                || message.contains("hex-digit for character escape sequence")) {
            return "a text holds a backslash that escapes nothing";
        }
        if (message.startsWith("Unrecognized token") || message.startsWith("Non-standard token")) {
            return "a word stands there that is not true, false or null";
        }
        if (message.startsWith("Invalid numeric value")) {
            return "a number is not written as JSON writes numbers";
        }
        if (message.startsWith("Unexpected close marker")) {
            return "a bracket closes what is not open";
        }
        Matcher unexpected = UNEXPECTED.matcher(message);
        if (unexpected.lookingAt()) {
            return "no " + Text.quote(unexpected.group(1)) + " may stand there";
        }
        return "it is not well formed";
    }

    /**
     * A clause, of what is JSON and beyond a limit of the parser.
     *
     * @param deepest how deep it may be nested
     */
    public static String limit(StreamConstraintsException fault, int deepest) {
        String message = fault.getOriginalMessage();
        if (message.startsWith("Document nesting depth")) {
            return "objects and lists are nested more than " + deepest + " deep";
        }
        return message.startsWith("Number value length")
                ? "a number has more than " + LONGEST_NUMBER + " digits"
                : "something is longer than may be";
    }
}
