package dev.unroot.registry.place;

import dev.unroot.common.Glob;
import dev.unroot.common.HostAndPort;
import dev.unroot.common.Text;
import dev.unroot.model.DockerHub;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An entry of {@code imageLookup.allowHosts} or {@code denyHosts}: a host, in which {@code *} stands for any characters,
 * and a port. Without a port it is about every port of the host.
 */
public final class HostPattern {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.*]+)\\]|([A-Za-z0-9*._-]+))(?::([0-9]{1,5}))?");

    private final String text;
    private final Glob host;
    private final @Nullable Integer port;

    private HostPattern(String text, Glob host, @Nullable Integer port) {
        this.text = text;
        this.host = host;
        this.port = port;
    }

    /** @throws IllegalArgumentException with a sentence that says how to write it */
    public static HostPattern parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    Text.quote(text)
                            + " is not a host: write ghcr.io, *.example.com or registry.example:5000, without https:// and path");
        }
        if (matcher.group(1) == null) {
            requireName(text, matcher.group(2));
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        Integer port = matcher.group(3) == null ? null : HostAndPort.port(matcher.group(3), 0);
        if (port != null && port == 0) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " names a port that is not from 1 to " + HostAndPort.HIGHEST_PORT);
        }
        return new HostPattern(text, new Glob(host.toLowerCase(Locale.ROOT)), port);
    }

    /** A part that no host's name has would let through, or keep out, everything that the entry was meant for. */
    private static void requireName(String text, String host) {
        if (host.startsWith(".")) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " is not a host: write *" + host + " for what is under a domain");
        }
        for (String part : host.split("\\.", -1)) {
            if (part.isEmpty() || part.startsWith("-") || part.endsWith("-")) {
                throw new IllegalArgumentException(Text.quote(text)
                        + " is not a host: a part between its dots is empty," + " or begins or ends with a hyphen");
            }
        }
    }

    /** Docker Hub goes by the name that references have for it as well as by that of the host that serves it. */
    public boolean matches(Origin origin) {
        if (port != null && port != origin.port()) {
            return false;
        }
        String name = HostAndPort.withoutRoot(origin.host());
        boolean hub = name.equals(DockerHub.API);
        return host.matches(name) || hub && (host.matches(DockerHub.REGISTRY) || host.matches(DockerHub.INDEX));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostPattern pattern && text.equals(pattern.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
