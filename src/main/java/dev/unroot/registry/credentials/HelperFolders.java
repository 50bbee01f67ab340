package dev.unroot.registry.credentials;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where credential helpers are looked for.
 *
 * @param configured {@code imageLookup.credentialHelpers}, looked into first; null for none
 * @param path the absolute folders of the PATH, in order
 */
public record HelperFolders(@Nullable Path configured, List<Path> path) {
    public HelperFolders {
        path = List.copyOf(path);
    }

    /** The program to run; null where there is none. */
    @Nullable
    Path find(String program) {
        return candidates(program).filter(Files::isExecutable).findFirst().orElse(null);
    }

    /** Why {@link #find} finds nothing, a clause without its subject: {@code is not on the PATH}. */
    String whyNot(String program) {
        String file = candidates(program)
                .findFirst()
                .map(found -> "is " + found + ", which this user may not execute")
                .orElse("");
        if (!file.isEmpty()) {
            return file;
        }
        return configured == null ? "is not on the PATH" : "is neither in " + configured + " nor on the PATH";
    }

    private Stream<Path> candidates(String program) {
        return Stream.concat(Stream.ofNullable(configured), path.stream())
                .map(folder -> folder.resolve(program))
                .filter(Files::isRegularFile);
    }
}
