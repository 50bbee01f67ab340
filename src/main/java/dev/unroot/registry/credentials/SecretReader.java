package dev.unroot.registry.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Text;
import dev.unroot.review.PullSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pull secrets, and remembers what was in them. What is wrong with one is told to whoever uses it, and logged once an
 * hour.
 *
 * <p>Source: kubelet, {@code pkg/credentialprovider/secrets/secrets.go}; but where it gives up on all Secrets for one that is
 * malformed, the others are used. Of a Secret only {@code auths} is heeded: its owner does not choose what programs we run.
 */
final class SecretReader {
    private static final Logger LOG = LoggerFactory.getLogger(SecretReader.class);
    private static final String CONFIG_JSON = "kubernetes.io/dockerconfigjson";
    private static final String DOCKERCFG = "kubernetes.io/dockercfg";
    private static final int MOST_REMEMBERED = 2_000;
    private static final int MOST_REPORTED = 10_000;
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final Duration REPORTED_AGAIN = Duration.ofHours(1);

    private final Cache<PullSecret, DockerConfig> read;
    private final Cache<String, Boolean> reported;

    SecretReader(Ticker ticker) {
        read = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .ticker(ticker)
                .expireAfterAccess(IDLE)
                .build();
        reported = Caffeine.newBuilder()
                .maximumSize(MOST_REPORTED)
                .ticker(ticker)
                .expireAfterWrite(REPORTED_AGAIN)
                .build();
    }

    /** @return with problems that name nothing but what is in the Secret: its own name is still to be put before them */
    DockerConfig read(PullSecret secret) {
        return read.get(secret, SecretReader::parse);
    }

    /** Logs a problem that names its Secret, unless it was logged a short while ago. */
    void report(String problem) {
        if (reported.asMap().putIfAbsent(problem, true) == null) {
            LOG.warn("{}; images are looked up without it", problem);
        }
    }

    private static DockerConfig parse(PullSecret secret) {
        boolean configJson = secret.type().equals(CONFIG_JSON);
        if (!configJson && !secret.type().equals(DOCKERCFG)) {
            return wrong("is of type " + Text.plain(secret.type()) + ", and a pull secret is of type " + CONFIG_JSON);
        }
        if (secret.config().isEmpty()) {
            return wrong("has no key " + (configJson ? ".dockerconfigjson" : ".dockercfg"));
        }
        try {
            byte[] bytes = secret.config().getBytes(StandardCharsets.UTF_8);
            return configJson ? DockerConfigParser.configJson(bytes) : DockerConfigParser.dockercfg(bytes);
        } catch (IOException e) {
            return wrong("cannot be read: " + e.getMessage());
        }
    }

    private static DockerConfig wrong(String problem) {
        return new DockerConfig(new Keyring<>(List.of()), new Keyring<>(List.of()), "", List.of(problem));
    }
}
