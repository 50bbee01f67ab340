package dev.unroot.command;

/** Prints the results of a command, as they come. */
interface Report<R> {
    void add(R result);

    void end();
}
