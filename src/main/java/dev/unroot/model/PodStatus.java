package dev.unroot.model;

/**
 * What of a pod's status an inventory looks at.
 *
 * @param phase {@code Running}, {@code Succeeded} …; empty where it is not said
 */
public record PodStatus(String phase) {
    /** True where none of its containers will ever be started again: nothing that is enforced can stop it. */
    public boolean isFinished() {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }
}
