package dev.unroot.command;

/** Prints what {@code image} finds, as it finds it. */
interface ImageReport {
    void add(InspectedImage image);

    void end();
}
