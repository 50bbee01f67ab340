package dev.unroot.command;

import dev.unroot.configuration.Configuration;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Level;
import dev.unroot.model.Pod;
import dev.unroot.review.ImageUsers;
import dev.unroot.review.Judge;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code check} judges with. Used by several threads. */
public interface SubjectJudge extends AutoCloseable {
    /** One that judges as the configuration says. @param end ends what images are read with */
    static SubjectJudge of(Configuration configuration, ImageUsers images, Runnable end) {
        return ConfiguredJudge.of(configuration, images, end);
    }

    Judge judge();

    /** The kinds that make pods. */
    PodTemplates templates();

    /**
     * The level enforced in a namespace where the command line names none.
     *
     * @param namespace null for an object that names none
     * @param labels that the namespace is given by what is checked; each goes before the configuration's own
     */
    Level level(@Nullable String namespace, Map<String, String> labels);

    /** Why nobody judges this pod, {@code namespace} or {@code runtimeClass}; null where it is judged. */
    @Nullable
    String exemption(@Nullable String namespace, Pod pod);

    /** How long the images of one object may take. */
    Duration timeLimit();

    @Override
    void close();
}
