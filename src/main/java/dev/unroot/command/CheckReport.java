package dev.unroot.command;

/** Prints what {@code check} finds, as it finds it. */
interface CheckReport {
    void add(CheckResult result);

    void end();
}
