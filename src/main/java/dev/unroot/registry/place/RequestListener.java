package dev.unroot.registry.place;

/** Counts requests; is called from worker threads and must not block. */
@FunctionalInterface
public interface RequestListener {
    RequestListener NONE = outcome -> {};

    /**
     * A request was sent and has ended, or its answer's head has come.
     *
     * @param outcome the status, {@code 200}, or the label of the cause for which none came
     */
    void requested(String outcome);

    /** A host is not reached that was reached, or not asked, before: others are told so for some seconds without asking it. */
    default void unreached() {}

    /** A request was asked once more, since the connection that it was asked by was closed before an answer had begun. */
    default void repeated() {}
}
