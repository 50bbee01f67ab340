package dev.unroot.common;

/** How someone waits for memory that others have taken. */
@FunctionalInterface
public interface Waiting {
    /**
     * Lets time go by.
     *
     * @param step waits a little
     * @throws RuntimeException to give up
     */
    void during(Runnable step);
}
