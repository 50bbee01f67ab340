package dev.unroot.registry.layer;

/** How a layer that is being read waits for memory that others have taken. */
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
