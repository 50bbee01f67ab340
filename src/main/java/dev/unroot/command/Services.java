package dev.unroot.command;

/** What the commands do not make themselves. */
public interface Services {
    /** For {@code check}. @throws UsageException for a configuration or an image layout that cannot be used */
    SubjectJudge judging(CheckOptions options) throws UsageException;

    /** For {@code image}. @throws UsageException for an image layout that cannot be used */
    ImageInspector images(ImageOptions options) throws UsageException;

    /**
     * Serves until told to stop.
     *
     * @return the exit status
     * @throws UsageException for a configuration that cannot be used, or a port that is taken
     */
    int serve(ServeOptions options) throws UsageException;

    /** For the chart's jobs. @throws UsageException where there is no cluster to be found */
    ClusterTasks cluster() throws UsageException;
}
