package dev.unroot.configuration;

import dev.unroot.common.Durations;
import dev.unroot.configuration.Configuration.ImageLookup;
import dev.unroot.configuration.Configuration.OwnCredentials;
import dev.unroot.configuration.Configuration.PullSecretNamespaces;
import dev.unroot.model.NodePlatform;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.HostPattern;
import dev.unroot.registry.place.HostRules;
import dev.unroot.registry.place.Proxies;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.review.Exemptions;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.OnUnverified;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code imageLookup} of the configuration file.
 *
 * @param judging what judging goes by, some of it from elsewhere in the file
 * @param platformsWritten {@code platforms} is the operator's word, and not the default
 * @param lookup how images are read
 */
record ImageLookupSection(JudgeSettings judging, boolean platformsWritten, ImageLookup lookup) {
    private static final int MOST_AT_ONCE = 1_000;

    static ImageLookupSection read(Section section, Exemptions exemptions, boolean relaxed, Problems problems) {
        JudgeSettings standard = JudgeSettings.DEFAULT;
        Map<UnknownCause, OnUnverified> byCause = new EnumMap<>(UnknownCause.class);
        OnUnverified otherwise = onUnverified(section, byCause);
        boolean platformsWritten = section.has("platforms");
        int before = problems.count();
        List<Platform> platforms = section.list("platforms", standard.platforms(), NodePlatform::parse);
        // One that is listed and wrong is told by itself.
        if (platforms.isEmpty() && problems.count() == before) {
            problems.add(
                    section.line("platforms"), "imageLookup.platforms is empty: list what the cluster's nodes are");
        }
        Duration timeout = section.value("timeout", CacheOptions.DEFAULT.timeout(), ConfigurationValue::positive);
        Duration advisoryWait = section.value("advisoryWait", standard.advisoryWait(), Durations::parse);
        PolicyOptions policy = new PolicyOptions(
                relaxed, section.list("trustTags", standard.policy().trustTags(), ImageGlob::read));
        JudgeSettings judging = new JudgeSettings(policy, exemptions, platforms, advisoryWait, byCause, otherwise);
        return new ImageLookupSection(judging, platformsWritten, lookup(section, timeout, problems));
    }

    private static OnUnverified onUnverified(Section section, Map<UnknownCause, OnUnverified> byCause) {
        OnUnverified standard = JudgeSettings.DEFAULT.otherwise();
        if (section.isScalar("onUnverified")) {
            return section.value("onUnverified", standard, ConfigurationValue::reaction);
        }
        Section causes = section.section("onUnverified");
        OnUnverified otherwise = causes.value("default", standard, ConfigurationValue::reaction);
        for (UnknownCause cause : UnknownCause.values()) {
            OnUnverified reaction = causes.optional(cause.label(), ConfigurationValue::reaction);
            if (reaction != null) {
                byCause.put(cause, reaction);
            }
        }
        causes.end();
        return otherwise;
    }

    private static ImageLookup lookup(Section section, Duration timeout, Problems problems) {
        Section cache = section.section("cache");
        List<RegistryOptions> registries = RegistriesSection.read(section, problems);
        PullSecretNamespaces pullSecrets = pullSecrets(section.section("pullSecrets"));
        OwnCredentials own = new OwnCredentials(
                ConfigurationValue.file(section, "dockerConfig"),
                ConfigurationValue.file(section, "credentialHelpers"));
        HostRules hosts = new HostRules(
                section.list("allowHosts", List.of(), HostPattern::parse),
                section.list("denyHosts", List.of(), HostPattern::parse));
        Proxies proxies = ProxySection.read(section.section("proxy"), problems);
        Section limits = section.section("limits");
        Limits image = LimitsSection.read(limits);
        CacheOptions options = cache(timeout, cache, limits);
        limits.end();
        section.end();
        return new ImageLookup(options, image, registries, pullSecrets, own, hosts, proxies);
    }

    private static CacheOptions cache(Duration timeout, Section cache, Section limits) {
        CacheOptions standard = CacheOptions.DEFAULT;
        CacheOptions options = new CacheOptions(
                cache.value("maxImages", standard.maxImages(), ConfigurationValue::imageCount),
                cache.value("tagTtl", standard.tagTtl(), Durations::parse),
                cache.value("staleIfError", standard.staleIfError(), Durations::parse),
                timeout,
                LimitsSection.count(limits, "lookups", standard.lookups(), 1, MOST_AT_ONCE),
                LimitsSection.count(limits, "lookupsPerRegistry", standard.lookupsPerRegistry(), 1, MOST_AT_ONCE),
                LimitsSection.count(limits, "waiting", standard.waiting(), 0, 1_000_000));
        cache.end();
        return options;
    }

    private static PullSecretNamespaces pullSecrets(Section section) {
        List<String> names = section.list("namespaces", List.of(), NameValue::namespaceOrAll);
        section.end();
        return new PullSecretNamespaces(new HashSet<>(names));
    }
}
