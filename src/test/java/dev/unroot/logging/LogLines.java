package dev.unroot.logging;

import org.slf4j.LoggerFactory;

/** Logs a line at each level, in a process of its own, as a library does and as Unroot does. */
final class LogLines {
    private LogLines() {}

    public static void main(String[] arguments) {
        String level = System.getenv(LogLevel.VARIABLE);
        if (!level.isEmpty()) {
            LogLevel.set(level);
        }
        LoggerFactory.getLogger("org.example.library").debug("a library's");
        LoggerFactory.getLogger("dev.unroot.Any").debug("ours");
        LoggerFactory.getLogger("dev.unroot.Any").info("ours");
        LoggerFactory.getLogger("org.example.library").warn("a library's");
    }
}
