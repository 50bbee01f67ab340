package dev.unroot.command;

import dev.unroot.configuration.Configuration;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Level;
import dev.unroot.model.Pod;
import dev.unroot.review.ImageUsers;
import dev.unroot.review.Judge;
import dev.unroot.review.ModeLabels;
import dev.unroot.review.ReviewListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges as the configuration says that the webhook would, with the patience of a person.
 *
 * @param end of what images are read with
 */
record ConfiguredJudge(Judge judge, Configuration configuration, Duration timeLimit, Runnable end)
        implements SubjectJudge {
    /** Lookups of one object run at once, but a registry may have them wait for each other. */
    private static final int LOOKUPS_IN_A_ROW = 4;

    static ConfiguredJudge of(Configuration configuration, ImageUsers images, Runnable end) {
        Duration patience = configuration.imageLookup().timeout().multipliedBy(LOOKUPS_IN_A_ROW);
        Judge judge = new Judge(configuration.review().judging().waiting(patience), images, ReviewListener.NONE);
        return new ConfiguredJudge(judge, configuration, patience, end);
    }

    @Override
    public PodTemplates templates() {
        return configuration.review().templates();
    }

    /** What the file writes; where it writes nothing, a check that requires nothing would be no check. */
    @Override
    public Level level(@Nullable String namespace, Map<String, String> given) {
        Level otherwise = configuration.enforceDefault() == null ? Level.NONROOT : configuration.enforceDefault();
        Map<String, String> labels = new HashMap<>(
                namespace == null ? Map.of() : configuration.namespaces().getOrDefault(namespace, Map.of()));
        labels.putAll(given);
        return ModeLabels.read(
                        labels,
                        configuration.review().defaults().enforcing(otherwise),
                        configuration.review().floor())
                .modes()
                .enforce();
    }

    @Override
    public @Nullable String exemption(@Nullable String namespace, Pod pod) {
        return configuration.review().judging().exemptions().reason(namespace, null, pod);
    }

    @Override
    public void close() {
        end.run();
    }
}
