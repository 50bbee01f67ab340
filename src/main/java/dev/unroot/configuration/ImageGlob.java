package dev.unroot.configuration;

import dev.unroot.common.Glob;
import dev.unroot.common.HostAndPort;
import dev.unroot.common.Text;
import dev.unroot.model.DockerHub;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads globs over images' names. What no name can ever match is refused: that an exemption exempts nothing, or a list of
 * trusted repositories lists none, would be noticed when it is too late.
 *
 * <p>What names are like: distribution/reference, {@code regexp.go} and {@code normalize.go}. A registry's host, then parts
 * of small letters, digits, and {@code . _ -} between these; on Docker Hub at least two.
 */
final class ImageGlob {
    private static final String ACROSS = "**";
    private static final Pattern REGISTRY =
            Pattern.compile("[A-Za-z0-9.*-]+(:[0-9*]+)?|\\[[0-9A-Fa-f:.*]+](:[0-9*]+)?");
    private static final Pattern PART = Pattern.compile("[a-z0-9*]([a-z0-9._*-]*[a-z0-9*])?");

    private ImageGlob() {}

    /** @throws IllegalArgumentException with a sentence that says how to write it */
    static Glob read(String text) {
        String problem = text.equals("*") ? null : problem(text);
        if (problem != null) {
            throw new IllegalArgumentException(Text.quote(text) + " matches no image: " + problem);
        }
        return new Glob(text);
    }

    private static @Nullable String problem(String text) {
        if (!text.equals(text.strip())) {
            return "it begins or ends with a blank";
        }
        if (text.contains("://")) {
            return "names are without https://";
        }
        List<String> parts = List.of(text.split("/", -1));
        for (String part : parts) {
            if (part.contains(ACROSS) && !part.equals(ACROSS)) {
                return "** stands for whole parts of a name: write it between slashes, as in registry.example/**,"
                        + " and * for what is within one";
            }
        }
        boolean across = parts.contains(ACROSS);
        String registry = parts.get(0);
        if (parts.size() == 1 && !across || !mayBeRegistry(registry)) {
            return "names are matched in full and begin with the registry: docker.io/library/nginx, ghcr.io/team/*";
        }
        for (String part : parts.subList(1, parts.size())) {
            if (!part.equals(ACROSS) && !PART.matcher(part).matches()) {
                return aboutPart(part);
            }
        }
        if (registry.equals(DockerHub.INDEX)) {
            return "Docker Hub is docker.io in names";
        }
        return registry.equals(DockerHub.REGISTRY) && parts.size() == 2 && !across
                ? "names on Docker Hub have two parts at least after docker.io: docker.io/library/nginx, or docker.io/**"
                        + " for all"
                : null;
    }

    /** Without a dot, a colon or a capital letter a reference's first part is of Docker Hub's repository. */
    private static boolean mayBeRegistry(String part) {
        if (part.contains("*")) {
            return part.equals(ACROSS) || REGISTRY.matcher(part).matches();
        }
        boolean looksLikeOne = part.equals("localhost") || part.matches(".*[.:A-Z].*");
        return looksLikeOne && HostAndPort.problem(part) == null;
    }

    private static String aboutPart(String part) {
        if (part.isEmpty()) {
            return "a part between its slashes is empty";
        }
        if (part.indexOf(':') >= 0 || part.indexOf('@') >= 0) {
            return "names are matched without tag and digest";
        }
        return "parts of a repository are small letters and digits, with '.', '_' or '-' between them";
    }
}
