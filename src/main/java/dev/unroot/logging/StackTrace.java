package dev.unroot.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;

/** What an exception says and where it was thrown, as Java prints it, within bounds. */
final class StackTrace {
    /** Characters: a line of it all is read by people, and a collector cuts what is longer. */
    static final int LONGEST = 16 << 10;

    private static final int MOST_FRAMES = 40;
    private static final int MOST_CAUSES = 8;
    private static final int LONGEST_MESSAGE = 2 << 10;

    private StackTrace() {}

    static String of(IThrowableProxy exception) {
        StringBuilder text = new StringBuilder(1024);
        IThrowableProxy next = exception;
        for (int cause = 0; next != null && cause < MOST_CAUSES && text.length() < LONGEST; cause++) {
            text.append(cause == 0 ? "" : "\nCaused by: ");
            append(text, next);
            next = next.isCyclic() ? null : next.getCause();
        }
        if (next != null) {
            text.append("\nCaused by: …");
        }
        return text.toString();
    }

    private static void append(StringBuilder text, IThrowableProxy exception) {
        text.append(exception.getClassName());
        String message = exception.getMessage();
        if (message != null) {
            text.append(": ").append(message, 0, Math.min(message.length(), LONGEST_MESSAGE));
        }
        StackTraceElementProxy[] frames = exception.getStackTraceElementProxyArray();
        int shown = frames == null ? 0 : Math.min(frames.length, MOST_FRAMES);
        for (int i = 0; i < shown; i++) {
            text.append("\n\t").append(frames[i].getSTEAsString());
        }
        if (frames != null && frames.length > shown) {
            text.append("\n\t… ").append(frames.length - shown).append(" more");
        }
        for (IThrowableProxy suppressed : exception.getSuppressed()) {
            if (text.length() > LONGEST) {
                return;
            }
            text.append("\n\tSuppressed: ").append(suppressed.getClassName());
            String why = suppressed.getMessage();
            if (why != null) {
                text.append(": ").append(why, 0, Math.min(why.length(), LONGEST_MESSAGE));
            }
        }
    }
}
