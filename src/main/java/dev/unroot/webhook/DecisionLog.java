package dev.unroot.webhook;

import dev.unroot.model.Level;
import dev.unroot.review.AdmissionRequest;
import dev.unroot.review.Decision;
import dev.unroot.review.Faults;
import dev.unroot.review.Mode;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * At most one line per decision: denials, decisions with an error and those by an image's last known state at INFO, all
 * others at DEBUG, and requests that could not be decided at ERROR. Holds names and the verdict's text, nothing else of an
 * object.
 */
final class DecisionLog {
    private static final String ERROR = "error";
    private static final String STALE_IMAGES = "stale-images";
    /** The longest name of a Kubernetes object. */
    private static final int LONGEST_NAME = 253;

    private static final int LONGEST_MESSAGE = 4096;

    private final Logger logger;
    private final Faults faults = new Faults();

    DecisionLog() {
        this(LoggerFactory.getLogger("dev.unroot.decision"));
    }

    DecisionLog(Logger logger) {
        this.logger = logger;
    }

    void decided(ReceivedReview review, Decision decision, long nanoseconds) {
        String error = decision.auditAnnotations().get(ERROR);
        String stale = decision.auditAnnotations().get(STALE_IMAGES);
        String denial = decision.denial();
        boolean isWorthALine = denial != null || error != null || stale != null;
        if (!logger.isInfoEnabled() || (!isWorthALine && !logger.isDebugEnabled())) {
            return;
        }
        LoggingEventBuilder line = isWorthALine ? logger.atInfo() : logger.atDebug();
        line = describe(line, review)
                .addKeyValue("allowed", decision.allowed())
                .addKeyValue("enforce", enforcedLevel(decision).label())
                .addKeyValue("milliseconds", milliseconds(nanoseconds));
        if (denial != null) {
            line = line.addKeyValue("denial", OneLine.of(denial, LONGEST_MESSAGE));
        }
        if (error != null) {
            line = line.addKeyValue(ERROR, OneLine.of(error, LONGEST_MESSAGE));
        }
        if (stale != null) {
            line = line.addKeyValue("stale", OneLine.of(stale, LONGEST_MESSAGE));
        }
        line.log(decision.allowed() ? "allowed" : "denied");
    }

    /** The request was answered with an error, and failurePolicy decides. Where a fault happened is told once in a while. */
    void failed(@Nullable ReceivedReview review, String why, @Nullable Throwable cause, long nanoseconds) {
        LoggingEventBuilder line = logger.atError();
        if (review != null) {
            line = describe(line, review);
        }
        line = line.addKeyValue("milliseconds", milliseconds(nanoseconds));
        if (cause != null) {
            line = line.addKeyValue("fault", faults.describe(cause));
        }
        line.log(why);
    }

    private static LoggingEventBuilder describe(LoggingEventBuilder line, ReceivedReview review) {
        AdmissionRequest request = review.request();
        String resource =
                request.subresource().isEmpty() ? request.resource() : request.resource() + "/" + request.subresource();
        return line.addKeyValue("uid", review.uid())
                .addKeyValue("operation", request.operation())
                .addKeyValue("resource", OneLine.of(resource, LONGEST_NAME))
                .addKeyValue("namespace", OneLine.of(request.namespace(), LONGEST_NAME))
                .addKeyValue("name", OneLine.of(review.name(), LONGEST_NAME))
                .addKeyValue("user", OneLine.of(request.username(), LONGEST_NAME))
                .addKeyValue("dryRun", review.dryRun());
    }

    private static Level enforcedLevel(Decision decision) {
        for (Decision.Evaluation evaluation : decision.evaluations()) {
            if (evaluation.mode() == Mode.ENFORCE) {
                return evaluation.level();
            }
        }
        return Level.NONE;
    }

    private static double milliseconds(long nanoseconds) {
        return TimeUnit.NANOSECONDS.toMicros(nanoseconds) / 1000.0;
    }
}
