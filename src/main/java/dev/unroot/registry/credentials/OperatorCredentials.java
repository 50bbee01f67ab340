package dev.unroot.registry.credentials;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.CredentialKey;
import dev.unroot.registry.credentials.HelperResult.Failed;
import dev.unroot.registry.credentials.HelperResult.Found;
import dev.unroot.registry.remote.Credential;
import dev.unroot.registry.remote.Credentials.Candidates;
import dev.unroot.registry.remote.Proof;
import dev.unroot.review.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of whoever runs Unroot, shown for every pod as a node's own are: from docker configs and their helpers. Of
 * one config: the helper for that registry ({@code credHelpers}, else {@code credsStore}), then {@code auths}.
 */
public final class OperatorCredentials implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorCredentials.class);
    /** A helper asks a cloud's token service, over the network. */
    private static final Duration HELPER_TIMEOUT = Duration.ofSeconds(10);
    /** What Docker asks helpers for where it means Docker Hub. */
    private static final String DOCKER_HUB_SERVER = "https://index.docker.io/v1/";

    private final List<Source> sources;
    private final CredentialHelpers helpers;

    /** @param registry the only one that the file is for; null for any */
    private record Source(DockerConfigFile file, @Nullable String registry) {
        boolean isFor(ImageReference reference) {
            return registry == null || registry.equals(reference.registry());
        }
    }

    /**
     * A docker config.
     *
     * @param registry the only one that it is for, as references name it; null for any
     * @param where the configuration names it; null for the one that a person may have or not
     */
    public record ConfigFile(
            Path path, @Nullable String registry, @Nullable String where) {}

    private OperatorCredentials(List<Source> sources, CredentialHelpers helpers) {
        this.sources = List.copyOf(sources);
        this.helpers = helpers;
    }

    /**
     * Reads every file.
     *
     * @param files those tried first come first
     * @param helperFolders where {@code docker-credential-NAME} is looked for
     * @throws IOException with a sentence, where one is there and is no docker config
     */
    public static OperatorCredentials open(List<ConfigFile> files, HelperFolders helperFolders, Ticker ticker)
            throws IOException {
        HelperProgram program = new HelperProgram(helperFolders, HELPER_TIMEOUT);
        List<Source> sources = new ArrayList<>();
        for (ConfigFile file : files) {
            DockerConfigFile read = open(file, ticker);
            if (file.where() != null) {
                warnOfHelpers(file, read.config(), program);
            }
            sources.add(new Source(read, file.registry()));
        }
        return new OperatorCredentials(sources, new CredentialHelpers(program, ticker));
    }

    private static DockerConfigFile open(ConfigFile file, Ticker ticker) throws IOException {
        try {
            return DockerConfigFile.open(file.path(), file.where(), ticker);
        } catch (IOException e) {
            throw new IOException((file.where() == null ? "" : file.where() + ": ") + e.getMessage(), e);
        }
    }

    /** One that is not there may come later, as the file that names it may. */
    private static void warnOfHelpers(ConfigFile file, DockerConfig config, HelperProgram program) {
        for (String helper : config.helperNames()) {
            String missing = program.missing(helper);
            if (missing != null) {
                LOG.warn("{}: docker config {}: {}", file.where(), file.path(), missing);
            }
        }
    }

    /** Whether there may be one for an image, by what was last read; at once. */
    boolean concern(ImageReference reference) {
        return sources.stream()
                .anyMatch(source ->
                        source.isFor(reference) && source.file().config().concerns(reference));
    }

    /** What is wrong with the files that are for an image; at once. */
    List<String> problems(ImageReference reference) {
        return sources.stream()
                .filter(source -> source.isFor(reference))
                .flatMap(source -> source.file().problems().stream())
                .toList();
    }

    /** May block, until the deadline; the credentials may be none at all. */
    Candidates find(ImageReference reference, Deadline deadline) {
        List<Credential> credentials = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Source source : sources) {
            if (source.isFor(reference)) {
                source.file().refresh();
                find(source.file().config(), reference, deadline, credentials, problems);
            }
        }
        return new Candidates(credentials, problems);
    }

    private void find(
            DockerConfig config,
            ImageReference reference,
            Deadline deadline,
            List<Credential> credentials,
            List<String> problems) {
        String helper = config.helpers().find(reference).stream().findFirst().orElse(config.store());
        if (!helper.isEmpty()) {
            HelperResult result = helpers.get(helper, server(reference), deadline);
            if (result instanceof Found found) {
                credentials.add(credential(found.proof()));
            } else if (result instanceof Failed failed) {
                problems.add(failed.problem());
            }
        }
        config.auths().find(reference).forEach(proof -> credentials.add(credential(proof)));
    }

    private static Credential credential(Proof proof) {
        return new Credential("Unroot's own", CredentialKey.OPERATOR, proof);
    }

    private static String server(ImageReference reference) {
        return reference.registry().equals(ImageReference.DOCKER_HUB) ? DOCKER_HUB_SERVER : reference.registry();
    }

    @Override
    public void close() {
        helpers.close();
    }
}
