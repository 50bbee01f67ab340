package dev.unroot.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.unroot.common.Text;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** How much is logged, by the environment variable {@value #VARIABLE}. */
public final class LogLevel {
    static final String VARIABLE = "UNROOT_LOG_LEVEL";

    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");

    private LogLevel() {}

    /**
     * Sets it. Of libraries no more than usual is logged: at debug theirs write what nobody should read in a log.
     *
     * @param level in any letter case
     * @return what is wrong with it; null where nothing is
     */
    public static @Nullable String set(String level) {
        String name = level.strip().toLowerCase(Locale.ROOT);
        if (!LEVELS.contains(name)) {
            return VARIABLE + " is " + Text.quote(level) + ": it must be error, warn, info, debug or trace";
        }
        Level wanted = Level.toLevel(name);
        logger("dev.unroot").setLevel(wanted);
        if (wanted.isGreaterOrEqual(Level.INFO)) {
            logger(Logger.ROOT_LOGGER_NAME).setLevel(wanted);
        }
        return null;
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
