package dev.unroot;

import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.ImageReference;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.ReviewSettings;
import java.time.Duration;
import java.util.function.Predicate;

/** What the rooms below make of the configuration. */
final class Settings {
    private Settings() {}

    /** @param advisoryWait the configuration's for admission; a person who waits at a terminal has more patience */
    static JudgeSettings judging(Configuration configuration, Duration advisoryWait) {
        Configuration.ImageLookup lookup = configuration.imageLookup();
        Predicate<ImageReference> trusted =
                reference -> lookup.trustTags().stream().anyMatch(glob -> glob.matches(reference.name()));
        return new JudgeSettings(
                new PolicyOptions(configuration.relaxForUserNamespaces(), trusted),
                configuration.exemptions(),
                lookup.platforms(),
                advisoryWait,
                lookup.onUnverified(),
                lookup.otherwise());
    }

    static ReviewSettings reviewing(Configuration configuration) {
        return new ReviewSettings(
                judging(configuration, configuration.imageLookup().advisoryWait()),
                configuration.defaults(),
                configuration.floor(),
                templates(configuration),
                configuration.workloads().enforce());
    }

    static PodTemplates templates(Configuration configuration) {
        return configuration.workloads().custom().isEmpty()
                ? PodTemplates.BUILT_IN
                : new PodTemplates(configuration.workloads().custom());
    }
}
