package dev.unroot.serve;

import dev.unroot.configuration.Configuration;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.UserNamespaceNodes;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.ReviewSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What the rooms below make of the configuration. */
public final class Settings {
    private Settings() {}

    /** @param advisoryWait the configuration's for admission; a person who waits at a terminal has more patience */
    public static JudgeSettings judging(Configuration configuration, Duration advisoryWait) {
        return judging(
                configuration, advisoryWait, configuration.imageLookup().platforms(), UserNamespaceNodes.UNKNOWN);
    }

    private static JudgeSettings judging(
            Configuration configuration, Duration advisoryWait, List<Platform> platforms, UserNamespaceNodes mapping) {
        Configuration.ImageLookup lookup = configuration.imageLookup();
        Predicate<ImageReference> trusted =
                reference -> lookup.trustTags().stream().anyMatch(glob -> glob.matches(reference.name()));
        return new JudgeSettings(
                new PolicyOptions(configuration.relaxForUserNamespaces(), trusted).on(mapping),
                configuration.exemptions(),
                platforms,
                advisoryWait,
                lookup.onUnverified(),
                lookup.otherwise());
    }

    /** @param nodes what the cluster's nodes are; counts where it is known and the operator has not written it */
    public static ReviewSettings reviewing(Configuration configuration, List<Platform> nodes) {
        return reviewing(configuration, nodes, UserNamespaceNodes.UNKNOWN);
    }

    /** @param mapping which of the nodes map users */
    public static ReviewSettings reviewing(
            Configuration configuration, List<Platform> nodes, UserNamespaceNodes mapping) {
        Configuration.ImageLookup lookup = configuration.imageLookup();
        List<Platform> platforms = nodes.isEmpty() || lookup.platformsWritten() ? lookup.platforms() : nodes;
        return new ReviewSettings(
                judging(configuration, lookup.advisoryWait(), platforms, mapping),
                configuration.defaults(),
                configuration.floor(),
                templates(configuration),
                configuration.workloads().enforce());
    }

    public static PodTemplates templates(Configuration configuration) {
        return configuration.workloads().custom().isEmpty()
                ? PodTemplates.BUILT_IN
                : new PodTemplates(configuration.workloads().custom());
    }
}
