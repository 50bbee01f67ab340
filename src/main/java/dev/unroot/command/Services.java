package dev.unroot.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the commands do not make themselves. */
public interface Services {
    /** For {@code check}. @throws UsageException for a configuration or an image layout that cannot be used */
    SubjectJudge judging(CheckOptions options) throws UsageException;

    /**
     * For {@code image}.
     *
     * @param layout an OCI layout or tar to read images from instead of registries; null where none is given
     * @throws UsageException for an image layout that cannot be used
     */
    ImageInspector images(@Nullable Path layout) throws UsageException;

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
