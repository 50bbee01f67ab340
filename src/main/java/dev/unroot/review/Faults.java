package dev.unroot.review;

import dev.unroot.common.Failures;
import dev.unroot.common.Text;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.UnknownCause;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults of our own. Of one while an image was looked up comes a doubt about that image, and one line in the log.
 *
 * <p>Images and references are written by strangers, and what one of them can bring about once it can bring about
 * thousands of times a minute. So each kind (what was thrown, and where) is logged once in ten minutes, of at most 100
 * kinds, and in at most 2,000 characters: a stack overflow alone has a trace of 100 KB.
 */
public final class Faults {
    /** Where everything in this process logs its faults. */
    public static final Faults LOGGED = new Faults();

    /** As {@link UnknownCause#fix}. */
    public static final String FIX = "Look for the reason in Unroot's log";

    static final int MOST_KINDS = 100;
    static final int LONGEST = 2_000;
    private static final long SILENCE = TimeUnit.MINUTES.toNanos(10);
    private static final int MOST_FRAMES = 12;
    private static final String OURS = "dev.unroot.";

    private final Logger logger;
    private final LongSupplier nanoTime;
    private final Map<String, Told> kinds = new LinkedHashMap<>();

    private static final class Told {
        private long since;
        private long untold;

        Told(long since) {
            this.since = since;
        }
    }

    /** For whoever only describes them; with a memory of its own. */
    public Faults() {
        this(LoggerFactory.getLogger(Faults.class), System::nanoTime);
    }

    Faults(Logger logger, LongSupplier nanoTime) {
        this.logger = logger;
        this.nanoTime = nanoTime;
    }

    /**
     * What is then known of the image: nothing. Never throws.
     *
     * @param image its reference, as it is or as a stranger wrote it
     */
    public ImageFacts.Unknown unknown(Object image, Throwable failure) {
        String plain = Text.plain(String.valueOf(image));
        Throwable cause = Failures.unwrapped(failure);
        log("reading " + plain + " failed", cause);
        boolean tooLarge = cause instanceof VirtualMachineError;
        return new ImageFacts.Unknown(
                tooLarge ? UnknownCause.TOO_LARGE : UnknownCause.MALFORMED,
                "reading " + plain + (tooLarge ? " took too much memory or stack" : " failed")
                        + " within Unroot, which logged why",
                FIX);
    }

    /** One line, or none where this kind was told of within the last ten minutes. */
    private void log(String what, Throwable cause) {
        Long untold = untold(cause);
        if (untold != null) {
            logger.error("{}: {}", what, traced(cause, untold));
        }
    }

    /**
     * What was thrown, in a line: with where it was thrown the first time in ten minutes, without it after that.
     *
     * @return at most 2,000 characters
     */
    public String describe(Throwable failure) {
        Throwable cause = Failures.unwrapped(failure);
        Long untold = untold(cause);
        return untold == null ? brief(cause) : traced(cause, untold);
    }

    /** How often this kind has happened since it was last told of; null where it is not to be told of again yet. */
    private @Nullable Long untold(Throwable cause) {
        return untold(cause.getClass().getName() + " " + where(cause.getStackTrace()));
    }

    private synchronized @Nullable Long untold(String kind) {
        long now = nanoTime.getAsLong();
        Told told = kinds.get(kind);
        if (told == null) {
            if (kinds.size() >= MOST_KINDS) {
                kinds.values().removeIf(old -> now - old.since >= SILENCE);
            }
            if (kinds.size() >= MOST_KINDS) {
                return null;
            }
            kinds.put(kind, new Told(now));
            return 0L;
        }
        if (now - told.since < SILENCE) {
            told.untold++;
            return null;
        }
        long untold = told.untold;
        told.since = now;
        told.untold = 0;
        return untold;
    }

    private static String traced(Throwable cause, long untold) {
        String more = untold == 0 ? "" : ", and " + untold + " more since this was last logged";
        String line = brief(cause) + more + frames(cause.getStackTrace());
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }

    private static String brief(Throwable cause) {
        String name = cause.getClass().getName();
        return cause.getMessage() == null ? name : name + ": " + Text.plain(cause.getMessage());
    }

    /** The innermost place that is ours: by the method, for an overflow may end at any line. */
    private static String where(StackTraceElement[] trace) {
        for (StackTraceElement frame : trace) {
            if (frame.getClassName().startsWith(OURS)) {
                return frame.getClassName() + "." + frame.getMethodName();
            }
        }
        return trace.length == 0 ? "" : trace[0].getClassName();
    }

    /** The innermost, then those that are ours; each once, however deep a recursion went. */
    private static String frames(StackTraceElement[] trace) {
        Set<String> frames = new LinkedHashSet<>();
        for (StackTraceElement frame : trace) {
            if (frames.isEmpty() || frame.getClassName().startsWith(OURS)) {
                frames.add(frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber());
            }
            if (frames.size() == MOST_FRAMES) {
                break;
            }
        }
        return frames.isEmpty() ? "" : ", at " + String.join(" < ", frames);
    }
}
