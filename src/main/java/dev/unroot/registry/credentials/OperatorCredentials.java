package dev.unroot.registry.credentials;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Deadline;
import dev.unroot.model.DockerHub;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.CredentialKey;
import dev.unroot.registry.credentials.Credentials.Candidates;
import dev.unroot.registry.credentials.HelperResult.Failed;
import dev.unroot.registry.credentials.HelperResult.Found;
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

    private final List<Source> sources;
    private final CredentialHelpers helpers;

    /** @param registry the only one that the file is for; null for any */
    private record Source(DockerConfigFile file, @Nullable String registry, String name) {
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
            String whose = file.where() == null ? "your docker config " : "docker config ";
            sources.add(new Source(read, file.registry(), whose + file.path()));
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

    /**
     * What has come of {@link #find} for an image, as far as memory knows.
     *
     * @param names of what there was to show: {@code docker config /etc/unroot/config.json}
     * @param remarks a clause for each file that is not as it should be, and each helper that had nothing
     * @param configured whether any file or helper is for that image
     */
    record Tried(List<String> names, List<String> remarks, boolean configured) {}

    /** At once, by what was last read and answered. */
    Tried tried(ImageReference reference) {
        List<String> names = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        boolean configured = false;
        for (Source source : sources) {
            if (source.isFor(reference)) {
                DockerConfig config = source.file().config();
                configured |= config.concerns(reference);
                String helper = helper(config, reference);
                HelperResult result = helper.isEmpty() ? null : helpers.known(helper, server(reference));
                if (result instanceof Found) {
                    names.add(ofHelper(helper));
                } else if (result == HelperResult.NOTHING) {
                    remarks.add(ofHelper(helper) + " has none for it");
                }
                if (!config.auths().find(reference).isEmpty()) {
                    names.add(source.name());
                }
                remarks.addAll(source.file().problems());
            }
        }
        return new Tried(names, remarks, configured);
    }

    /** May block, until the deadline; the credentials may be none at all. */
    Candidates find(ImageReference reference, Deadline deadline) {
        List<Credential> credentials = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Source source : sources) {
            if (source.isFor(reference)) {
                source.file().refresh();
                find(source, reference, deadline, credentials, problems);
            }
        }
        return new Candidates(credentials, problems);
    }

    private void find(
            Source source,
            ImageReference reference,
            Deadline deadline,
            List<Credential> credentials,
            List<String> problems) {
        DockerConfig config = source.file().config();
        String helper = helper(config, reference);
        if (!helper.isEmpty()) {
            HelperResult result = helpers.get(helper, server(reference), deadline);
            if (result instanceof Found found) {
                credentials.add(credential(ofHelper(helper), found.authConfig()));
            } else if (result instanceof Failed failed) {
                problems.add(failed.problem());
            }
        }
        config.auths().find(reference).forEach(authConfig -> credentials.add(credential(source.name(), authConfig)));
    }

    private static Credential credential(String name, AuthConfig authConfig) {
        return new Credential(name, CredentialKey.OPERATOR, authConfig);
    }

    /** Empty for none. */
    private static String helper(DockerConfig config, ImageReference reference) {
        return config.helpers().find(reference).stream().findFirst().orElse(config.store());
    }

    private static String ofHelper(String name) {
        return "credential helper docker-credential-" + name;
    }

    private static String server(ImageReference reference) {
        return reference.registry().equals(DockerHub.REGISTRY) ? DockerHub.CREDENTIALS_SERVER : reference.registry();
    }

    @Override
    public void close() {
        helpers.close();
    }
}
