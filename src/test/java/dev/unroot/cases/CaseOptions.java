package dev.unroot.cases;

import dev.unroot.common.Glob;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.review.Exemptions;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.OnUnverified;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator decided, where a case is about that; the defaults of the configuration file otherwise.
 *
 * @param onUnverified a reaction, or one per cause with a {@code default}
 * @param exemptImages patterns over {@code registry/repository}
 */
record CaseOptions(
        String userNamespaces,
        Object onUnverified,
        List<String> trustTags,
        List<String> platforms,
        List<String> exemptImages) {

    static CaseOptions of(CaseFields fields) {
        @Nullable Object onUnverified = fields.any("onUnverified");
        CaseFields exemptions = fields.object("exemptions");
        CaseOptions options = new CaseOptions(
                fields.has("userNamespaces") ? fields.text("userNamespaces") : "relaxed",
                onUnverified == null ? "deny" : onUnverified,
                fields.texts("trustTags", List.of("*")),
                fields.texts("platforms", List.of("linux/amd64", "linux/arm64")),
                exemptions.texts("images", List.of()));
        exemptions.nothingElse();
        fields.nothingElse();
        return options;
    }

    /** The same as the configuration file says it, for runners that are given one. */
    Map<String, Object> configuration() {
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("apiVersion", "unroot.dev/v1");
        configuration.put("kind", "UnrootConfiguration");
        configuration.put("userNamespaces", userNamespaces);
        configuration.put("exemptions", Map.of("images", exemptImages));
        configuration.put(
                "imageLookup", Map.of("onUnverified", onUnverified, "trustTags", trustTags, "platforms", platforms));
        return configuration;
    }

    JudgeSettings judgeSettings() {
        Map<UnknownCause, OnUnverified> reactions = new EnumMap<>(UnknownCause.class);
        OnUnverified otherwise = OnUnverified.DENY;
        if (onUnverified instanceof String one) {
            otherwise = reaction(one);
        } else {
            for (Map.Entry<String, Object> entry :
                    CaseFields.asObject(onUnverified).entrySet()) {
                if (entry.getKey().equals("default")) {
                    otherwise = reaction((String) entry.getValue());
                } else {
                    reactions.put(CaseImage.cause(entry.getKey()), reaction((String) entry.getValue()));
                }
            }
        }
        return new JudgeSettings(
                new PolicyOptions(relaxed(), globs(trustTags)),
                new Exemptions(Set.of(), Set.of(), Set.of(), globs(exemptImages)),
                platforms.stream().map(Platform::parse).toList(),
                Duration.ofSeconds(1),
                reactions,
                otherwise);
    }

    private boolean relaxed() {
        return switch (userNamespaces) {
            case "relaxed" -> true;
            case "strict" -> false;
            default -> throw new IllegalArgumentException("userNamespaces is relaxed or strict");
        };
    }

    private static List<Glob> globs(List<String> patterns) {
        return patterns.stream().map(Glob::new).toList();
    }

    private static OnUnverified reaction(String label) {
        return Arrays.stream(OnUnverified.values())
                .filter(reaction -> reaction.name().toLowerCase(Locale.ROOT).equals(label))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException(label + " is no reaction"));
    }
}
