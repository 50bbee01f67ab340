package dev.unroot.command;

/** The exit status of a run: the worst thing that happened. */
final class ExitStatus {
    static final int OK = 0;
    static final int NOT_ALLOWED = 1;
    /** Wrong usage, unreadable input, or a fault of our own. */
    static final int USAGE = 2;

    private int status = OK;

    void raise(int other) {
        status = Math.max(status, other);
    }

    int value() {
        return status;
    }
}
