package dev.unroot.audit;

import dev.unroot.model.Finding;
import java.util.Collection;

/** What enforcing a level would do to a workload, the worst first. */
public enum State {
    /** Its pods would be denied, whatever is known of its images. */
    DENIED("denied"),
    /** An image could not be verified: what {@code onUnverified} says would happen to its pods. */
    NOT_VERIFIED("notVerified"),
    /** Its pods would be admitted, and a container would not start. */
    WILL_NOT_START("willNotStart"),
    /** Nothing stands in the way. */
    READY("ready");

    private final String label;

    State(String label) {
        this.label = label;
    }

    /** The word used in reports for programs. */
    public String label() {
        return label;
    }

    State worse(State other) {
        return compareTo(other) <= 0 ? this : other;
    }

    static State of(Collection<Finding> findings) {
        State worst = READY;
        for (Finding finding : findings) {
            worst = worst.worse(of(finding));
        }
        return worst;
    }

    /** What a finding alone comes to. */
    public static State of(Finding finding) {
        return switch (finding.kind()) {
            case VIOLATION -> DENIED;
            case UNVERIFIED -> NOT_VERIFIED;
            case WILL_NOT_START -> WILL_NOT_START;
            case ADVICE -> READY;
        };
    }
}
