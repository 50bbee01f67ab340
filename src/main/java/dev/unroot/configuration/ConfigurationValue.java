package dev.unroot.configuration;

import dev.unroot.common.Durations;
import dev.unroot.common.HostAndPort;
import dev.unroot.common.Text;
import dev.unroot.model.ConfiguredFile;
import dev.unroot.model.DockerHub;
import dev.unroot.model.Level;
import dev.unroot.review.OnUnverified;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the single values of the configuration file; each throws IllegalArgumentException with a sentence. */
final class ConfigurationValue {
    private static final int MOST_IMAGES = 10_000_000;
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(10);
    private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(10);
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(3650);

    private ConfigurationValue() {}

    static Function<String, String> only(String wanted) {
        return text -> {
            if (!text.equals(wanted)) {
                throw new IllegalArgumentException("is " + Text.quote(text) + ", and only " + wanted + " is known");
            }
            return text;
        };
    }

    static Level level(String text) {
        return Level.parse(text)
                .orElseThrow(
                        () -> new IllegalArgumentException(Text.quote(text) + " is no level: write " + Level.list()));
    }

    static boolean relaxed(String text) {
        return switch (text) {
            case "relaxed" -> true;
            case "strict" -> false;
            default -> throw new IllegalArgumentException(Text.quote(text) + ": write relaxed or strict");
        };
    }

    static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(Text.quote(text) + ": write true or false");
        };
    }

    static OnUnverified reaction(String text) {
        for (OnUnverified reaction : OnUnverified.values()) {
            if (reaction.label().equals(text)) {
                return reaction;
            }
        }
        throw new IllegalArgumentException(Text.quote(text) + ": write deny, warn or allow");
    }

    static Duration positive(String text) {
        Duration duration = Durations.parse(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("must be more than zero");
        }
        return duration;
    }

    static Duration drainDelay(String text) {
        Duration delay = Durations.parse(text);
        if (delay.compareTo(LONGEST_DRAIN) > 0) {
            throw new IllegalArgumentException("must be 10m at most");
        }
        return delay;
    }

    static Duration lifetime(String text) {
        Duration lifetime = Durations.parse(text);
        if (lifetime.compareTo(SHORTEST_LIFETIME) < 0 || lifetime.compareTo(LONGEST_LIFETIME) > 0) {
            throw new IllegalArgumentException("must be between 10s and 87600h (ten years)");
        }
        return lifetime;
    }

    static int imageCount(String text) {
        try {
            int count = Integer.parseInt(text);
            if (count >= 1 && count <= MOST_IMAGES) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Told below, with the bounds.
        }
        throw new IllegalArgumentException(Text.quote(text) + ": write a whole number from 1 to " + MOST_IMAGES);
    }

    static String text(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        return text;
    }

    /** Compared with what others write, in which a blank at an end would be a mistake. */
    static String exactly(String text) {
        if (!text.equals(text.strip())) {
            throw new IllegalArgumentException(Text.quote(text) + " begins or ends with a blank: remove it");
        }
        return text(text);
    }

    /** A file that the section's key names, remembering where; null where it names none. */
    static @Nullable ConfiguredFile file(Section section, String key) {
        String where = section.where(key);
        Path path = section.optional(key, ConfigurationValue::path);
        return path == null ? null : new ConfiguredFile(path, where);
    }

    private static Path path(String text) {
        if (text.contains("://")) {
            throw new IllegalArgumentException(Text.quote(text) + " is an address: name a file");
        }
        return Path.of(text(text));
    }

    static String host(String text) {
        String problem = HostAndPort.problem(text);
        if (problem != null) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " is not a registry's host: " + problem
                            + ". Write it as images do, for instance ghcr.io or registry.example:5000, without https:// and path");
        }
        return DockerHub.normalized(text);
    }
}
