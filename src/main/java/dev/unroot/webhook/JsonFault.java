package dev.unroot.webhook;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with JSON in our own words: the parser's tell of its own settings, and quote what stands there. Its
 * messages are known by how they begin; what is not known among them is told as what is not well formed.
 */
final class JsonFault {
    /** More digits than any number in an object of a cluster has; the parser's own limit. */
    private static final String LONGEST_NUMBER = "1000";

    private JsonFault() {}

    /** A sentence that begins with {@code The body}, with line and column and without its full stop. */
    static String syntax(JsonProcessingException fault) {
        return "The body is not JSON: " + what(fault) + at(fault.getLocation());
    }

    /** The same, without line and column, of a body that is JSON beyond a limit of {@link JsonInput}. */
    static String limit(StreamConstraintsException fault) {
        String message = fault.getOriginalMessage();
        String what = "something is longer than may be";
        if (message.startsWith("Document nesting depth")) {
            what = "objects and lists are nested more than " + JsonInput.DEEPEST + " deep";
        } else if (message.startsWith("Number value length")) {
            what = "a number has more than " + LONGEST_NUMBER + " digits";
        }
        return "The body is beyond what Unroot reads: " + what;
    }

    static String at(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String what(JsonProcessingException fault) {
        String message = fault.getOriginalMessage();
        if (fault instanceof JsonEOFException) {
            return "it ends where something is still open,";
        }
        if (message.startsWith("Invalid UTF-8")) {
            return "bytes are no UTF-8";
        }
        if (message.startsWith("Illegal unquoted character")) {
            return "a text holds a control character that is not escaped";
        }
        if (message.startsWith("Unrecognized character escape")
                || message.startsWith("Unexpected character")
                        && message.contains("hex-digit for character escape sequence")) {
            return "a text holds a backslash that escapes nothing";
        }
        if (message.startsWith("Unrecognized token") || message.startsWith("Non-standard token")) {
            return "a word stands there that is not true, false or null,";
        }
        if (message.startsWith("Invalid numeric value")) {
            return "a number is not written as JSON writes numbers,";
        }
        if (message.startsWith("Unexpected close marker")) {
            return "a bracket closes what is not open,";
        }
        return message.startsWith("Unexpected character") || message.startsWith("Illegal character")
                ? "a character stands where none like it may,"
                : "it is not well formed";
    }
}
