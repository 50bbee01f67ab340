package dev.unroot;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.command.UsageException;
import dev.unroot.common.Text;
import dev.unroot.configuration.Configuration.ImageLookup;
import dev.unroot.configuration.FileRemarks;
import dev.unroot.model.ConfiguredFile;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.registry.credentials.HelperFolders;
import dev.unroot.registry.credentials.OperatorCredentials;
import dev.unroot.registry.credentials.OperatorCredentials.ConfigFile;
import dev.unroot.registry.credentials.PodCredentials;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.review.PullSecrets;
import dev.unroot.serve.Resources;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose credentials are shown to registries. Two trust zones: the webhook shows what its configuration names and what a pod
 * brings, a person's command what that person has logged in with.
 */
final class RegistryCredentials {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryCredentials.class);

    private RegistryCredentials() {}

    static Credentials ofWebhook(ImageLookup lookup, PullSecrets secrets, Resources resources) throws UsageException {
        OperatorCredentials own = open(lookup, null, System.getenv(), resources);
        String remedy = lookup.ownCredentials().dockerConfig() == null
                ? "imageLookup.dockerConfig is not set"
                : "imageLookup.dockerConfig has nothing for it";
        return new PodCredentials(secrets, own, remedy, Ticker.systemTicker());
    }

    /** @param environment {@code DOCKER_CONFIG}, {@code HOME} and {@code PATH} are heeded */
    static Credentials ofPerson(ImageLookup lookup, Map<String, String> environment, Resources resources)
            throws UsageException {
        Path personal = personal(environment);
        if (personal != null && personal.getParent() != null && Files.isRegularFile(personal.getParent())) {
            throw new UsageException("environment variable DOCKER_CONFIG names a file, " + personal.getParent()
                    + ": set it to the folder that config.json is in");
        }
        OperatorCredentials own = open(lookup, personal, environment, resources);
        return new PodCredentials(PullSecrets.NONE, own, howToLogIn(personal), Ticker.systemTicker());
    }

    private static String howToLogIn(@Nullable Path personal) {
        String remedy = "log in with docker login, or set DOCKER_CONFIG to the folder of another";
        if (personal == null) {
            return "you have no docker config: " + remedy;
        }
        String file = "your docker config " + Text.visible(personal.toString());
        return file + (Files.exists(personal) ? " has nothing for it: " : " does not exist: ") + remedy;
    }

    private static OperatorCredentials open(
            ImageLookup lookup, @Nullable Path personal, Map<String, String> environment, Resources resources)
            throws UsageException {
        List<ConfigFile> files = new ArrayList<>();
        for (RegistryOptions registry : lookup.registries()) {
            if (registry.credentials() != null) {
                files.add(configFile(registry.credentials(), registry.host()));
            }
        }
        ConfiguredFile configured = lookup.ownCredentials().dockerConfig();
        if (configured != null) {
            files.add(configFile(configured, null));
        }
        if (personal != null) {
            files.add(new ConfigFile(personal, null, null));
        }
        try {
            return resources.add(
                    OperatorCredentials.open(files, helperFolders(lookup, environment), Ticker.systemTicker()));
        } catch (IOException e) {
            throw new UsageException(Text.why(e));
        }
    }

    private static ConfigFile configFile(ConfiguredFile file, @Nullable String registry) {
        return new ConfigFile(file.path(), registry, file.where());
    }

    /** Where Docker keeps it; null where there is no such place. */
    private static @Nullable Path personal(Map<String, String> environment) {
        String folder = environment.getOrDefault("DOCKER_CONFIG", "");
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", ""));
        if (folder.isEmpty() && home.isEmpty()) {
            return null;
        }
        try {
            return folder.isEmpty() ? Path.of(home, ".docker", "config.json") : Path.of(folder, "config.json");
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** Relative parts of a PATH are passed over: what they mean depends on where we were started. */
    private static HelperFolders helperFolders(ImageLookup lookup, Map<String, String> environment) {
        ConfiguredFile configured = lookup.ownCredentials().credentialHelpers();
        String remark = configured == null ? null : FileRemarks.ofHelpers(configured);
        if (remark != null) {
            LOG.warn("{}", remark);
        }
        List<Path> folders = new ArrayList<>();
        for (String part : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            try {
                Path folder = Path.of(part);
                if (folder.isAbsolute()) {
                    folders.add(folder);
                }
            } catch (InvalidPathException e) {
                // Not a folder then.
            }
        }
        return new HelperFolders(configured == null ? null : configured.path(), folders);
    }
}
