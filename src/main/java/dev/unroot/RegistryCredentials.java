package dev.unroot;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.Configuration.ImageLookup;
import dev.unroot.command.UsageException;
import dev.unroot.registry.credentials.OperatorCredentials;
import dev.unroot.registry.credentials.OperatorCredentials.ConfigFile;
import dev.unroot.registry.credentials.PodCredentials;
import dev.unroot.registry.remote.Credentials;
import dev.unroot.registry.remote.RegistryOptions;
import dev.unroot.review.PullSecrets;
import java.io.File;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose credentials are shown to registries. Two trust zones: the webhook shows what its configuration names and what a pod
 * brings, a person's command what that person has logged in with.
 */
final class RegistryCredentials {
    private static final String NOT_CONFIGURED = "imageLookup.dockerConfig has nothing for it";
    private static final String NOT_LOGGED_IN =
            "your docker config has nothing for it: log in with docker login, or set DOCKER_CONFIG to its folder";

    private RegistryCredentials() {}

    static Credentials ofWebhook(ImageLookup lookup, PullSecrets secrets, Resources resources) throws UsageException {
        OperatorCredentials own = open(lookup, null, System.getenv(), resources);
        return new PodCredentials(secrets, own, NOT_CONFIGURED, Ticker.systemTicker());
    }

    /** @param environment {@code DOCKER_CONFIG}, {@code HOME} and {@code PATH} are heeded */
    static Credentials ofPerson(ImageLookup lookup, Map<String, String> environment, Resources resources)
            throws UsageException {
        OperatorCredentials own = open(lookup, personal(environment), environment, resources);
        return new PodCredentials(PullSecrets.NONE, own, NOT_LOGGED_IN, Ticker.systemTicker());
    }

    private static OperatorCredentials open(
            ImageLookup lookup, @Nullable Path personal, Map<String, String> environment, Resources resources)
            throws UsageException {
        List<ConfigFile> files = new ArrayList<>();
        for (RegistryOptions registry : lookup.registries()) {
            if (registry.credentials() != null) {
                files.add(new ConfigFile(registry.credentials(), registry.host(), true));
            }
        }
        Path configured = lookup.ownCredentials().dockerConfig();
        if (configured != null) {
            files.add(new ConfigFile(configured, null, true));
        }
        if (personal != null) {
            files.add(new ConfigFile(personal, null, false));
        }
        try {
            return resources.add(
                    OperatorCredentials.open(files, helperFolders(lookup, environment), Ticker.systemTicker()));
        } catch (IOException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
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
    private static List<Path> helperFolders(ImageLookup lookup, Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        Path configured = lookup.ownCredentials().credentialHelpers();
        if (configured != null) {
            folders.add(configured);
        }
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
        return folders;
    }
}
