package dev.unroot.configuration;

import dev.unroot.registry.place.NoProxy;
import dev.unroot.registry.place.Proxies;
import dev.unroot.registry.place.ProxyServer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code imageLookup.proxy} of the configuration file. */
final class ProxySection {
    private ProxySection() {}

    /** @return null where the file names no proxy: the environment then does */
    static @Nullable Proxies read(Section section, Problems problems) {
        ProxyServer server = section.optional("url", ProxyServer::parseInFull);
        boolean hasExceptions = section.has("noProxy");
        List<String> except = section.list("noProxy", List.of(), NoProxy::entry);
        if (server == null && hasExceptions) {
            problems.add(
                    section.line(),
                    "imageLookup.proxy.noProxy is without imageLookup.proxy.url: where the proxy comes from the"
                            + " environment, so do its exceptions (NO_PROXY)");
        }
        section.end();
        return server == null ? null : Proxies.of(server, new NoProxy(except));
    }
}
