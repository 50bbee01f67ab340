package dev.unroot.registry.place;

import dev.unroot.common.Text;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import java.util.List;

/**
 * Which hosts the operator lets references lead to.
 *
 * @param allow registries and mirrors other than these are not asked; empty: any may be
 * @param deny nothing is ever sent to these, whether as a registry, a mirror, a token service or a redirect's target; wins
 *     over {@code allow}
 */
public record HostRules(List<HostPattern> allow, List<HostPattern> deny) {
    public static final HostRules ANY = new HostRules(List.of(), List.of());

    public HostRules {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /** For a registry or mirror, before anything is sent. */
    void requireRegistry(Origin origin, RequestContext context) {
        requireNotDenied(origin, context);
        if (!allow.isEmpty() && allow.stream().noneMatch(pattern -> pattern.matches(origin))) {
            throw refused(context, "imageLookup.allowHosts does not list host " + Text.plain(origin.authority()));
        }
    }

    /**
     * For every other host too. The allowed ones are not asked of those: where a registry keeps its blobs is its own
     * affair, and changes without notice.
     */
    void requireNotDenied(Origin origin, RequestContext context) {
        for (HostPattern pattern : deny) {
            if (pattern.matches(origin)) {
                throw refused(context, "imageLookup.denyHosts lists " + pattern);
            }
        }
    }

    private static LookupException refused(RequestContext context, String why) {
        return context.notAsked(UnknownCause.REFUSED_ADDRESS, why);
    }
}
