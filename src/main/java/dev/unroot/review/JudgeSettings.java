package dev.unroot.review;

import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.model.UserNamespaceNodes;
import dev.unroot.policy.PolicyOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How pods are judged, wherever that happens.
 *
 * @param platforms what the cluster's nodes are; never empty
 * @param advisoryWait how long a review waits for an image that can only better the message; zero: never
 * @param onUnverified what to do about an image that could not be verified, by cause
 * @param otherwise the same for causes that are not listed
 */
public record JudgeSettings(
        PolicyOptions policy,
        Exemptions exemptions,
        List<Platform> platforms,
        Duration advisoryWait,
        Map<UnknownCause, OnUnverified> onUnverified,
        OnUnverified otherwise) {
    public static final JudgeSettings DEFAULT = new JudgeSettings(
            PolicyOptions.DEFAULT,
            Exemptions.NONE,
            List.of(Platform.parse("linux/amd64"), Platform.parse("linux/arm64")),
            Duration.ofSeconds(1),
            Map.of(),
            OnUnverified.DENY);

    public JudgeSettings {
        platforms = List.copyOf(platforms);
        policy = policy.in(platforms);
        onUnverified = Map.copyOf(onUnverified);
    }

    /** The same where nodes are of these platforms, and say this of themselves. */
    public JudgeSettings on(List<Platform> nodes, UserNamespaceNodes userNamespaces) {
        return new JudgeSettings(policy.on(userNamespaces), exemptions, nodes, advisoryWait, onUnverified, otherwise);
    }

    /** The same for whoever has more patience than an API server. */
    public JudgeSettings waiting(Duration longest) {
        return new JudgeSettings(policy, exemptions, platforms, longest, onUnverified, otherwise);
    }

    OnUnverified reaction(UnknownCause cause) {
        return onUnverified.getOrDefault(cause, otherwise);
    }
}
