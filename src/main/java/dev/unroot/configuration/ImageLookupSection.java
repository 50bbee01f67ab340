package dev.unroot.configuration;

import dev.unroot.common.Durations;
import dev.unroot.configuration.Configuration.Cache;
import dev.unroot.configuration.Configuration.ImageLookup;
import dev.unroot.configuration.Configuration.OwnCredentials;
import dev.unroot.configuration.Configuration.PullSecretNamespaces;
import dev.unroot.model.NodePlatform;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.place.HostPattern;
import dev.unroot.registry.place.HostRules;
import dev.unroot.review.OnUnverified;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Reads {@code imageLookup} of the configuration file. */
final class ImageLookupSection {
    private ImageLookupSection() {}

    static ImageLookup read(Section section, Problems problems) {
        ImageLookup standard = ImageLookup.DEFAULT;
        Map<UnknownCause, OnUnverified> byCause = new EnumMap<>(UnknownCause.class);
        OnUnverified otherwise = standard.otherwise();
        if (section.isScalar("onUnverified")) {
            otherwise = section.value("onUnverified", otherwise, ConfigurationValue::reaction);
        } else {
            Section causes = section.section("onUnverified");
            otherwise = causes.value("default", otherwise, ConfigurationValue::reaction);
            for (UnknownCause cause : UnknownCause.values()) {
                OnUnverified reaction = causes.optional(cause.label(), ConfigurationValue::reaction);
                if (reaction != null) {
                    byCause.put(cause, reaction);
                }
            }
            causes.end();
        }
        boolean platformsWritten = section.has("platforms");
        int before = problems.count();
        List<Platform> platforms = section.list("platforms", standard.platforms(), NodePlatform::parse);
        // One that is listed and wrong is told by itself.
        if (platforms.isEmpty() && problems.count() == before) {
            problems.add(
                    section.line("platforms"), "imageLookup.platforms is empty: list what the cluster's nodes are");
        }
        ImageLookup imageLookup = new ImageLookup(
                byCause,
                otherwise,
                section.value("timeout", standard.timeout(), ConfigurationValue::positive),
                section.value("advisoryWait", standard.advisoryWait(), Durations::parse),
                section.list("trustTags", standard.trustTags(), ImageGlob::read),
                platforms,
                platformsWritten,
                cache(section.section("cache")),
                RegistriesSection.read(section, problems),
                pullSecrets(section.section("pullSecrets")),
                new OwnCredentials(
                        ConfigurationValue.file(section, "dockerConfig"),
                        ConfigurationValue.file(section, "credentialHelpers")),
                new HostRules(
                        section.list("allowHosts", List.of(), HostPattern::parse),
                        section.list("denyHosts", List.of(), HostPattern::parse)),
                ProxySection.read(section.section("proxy"), problems),
                LimitsSection.read(section.section("limits")));
        section.end();
        return imageLookup;
    }

    private static Cache cache(Section section) {
        Cache standard = ImageLookup.DEFAULT.cache();
        Cache cache = new Cache(
                section.value("maxImages", standard.maxImages(), ConfigurationValue::imageCount),
                section.value("tagTtl", standard.tagTtl(), Durations::parse),
                section.value("staleIfError", standard.staleIfError(), Durations::parse));
        section.end();
        return cache;
    }

    private static PullSecretNamespaces pullSecrets(Section section) {
        List<String> names = section.list("namespaces", List.of(), NameValue::namespaceOrAll);
        section.end();
        return new PullSecretNamespaces(new HashSet<>(names));
    }
}
