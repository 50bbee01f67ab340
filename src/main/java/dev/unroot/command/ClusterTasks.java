package dev.unroot.command;

import org.jspecify.annotations.Nullable;

/** What the chart's jobs ask of the cluster that they run in. */
public interface ClusterTasks extends AutoCloseable {
    /**
     * Creates a pod that starts as root, as a dry run.
     *
     * @param namespace a valid name
     * @return what the API server said against it; null where it would have created it
     * @throws UsageException where no API server answered
     */
    @Nullable
    String refusalOfARootPod(String namespace) throws UsageException;

    /**
     * Deletes a ValidatingWebhookConfiguration.
     *
     * @return false where there was none of that name
     * @throws UsageException where the API server refused, or did not answer
     */
    boolean deleteWebhookConfiguration(String name) throws UsageException;

    @Override
    void close();
}
