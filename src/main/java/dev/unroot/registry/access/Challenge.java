package dev.unroot.registry.access;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One challenge of a {@code WWW-Authenticate} header.
 *
 * @param scheme in lower case: {@code bearer}, {@code basic}
 * @param parameters by name in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
    static final String BEARER = "bearer";
    static final String BASIC = "basic";

    Challenge {
        parameters = Map.copyOf(parameters);
    }

    /** The first of that scheme, in any letter case; null where there is none. */
    static @Nullable Challenge first(String scheme, List<String> headerValues) {
        for (String value : headerValues) {
            for (Challenge challenge : ChallengeParser.parse(value)) {
                if (challenge.scheme.equals(scheme.toLowerCase(Locale.ROOT))) {
                    return challenge;
                }
            }
        }
        return null;
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }
}
