package dev.unroot.registry.place;

import dev.unroot.common.HostAndPort;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection goes: to a host's checked address, or to one of the addresses of a proxy that finds the host by itself.
 *
 * @param proxy null where the address is the host's own
 */
public record Target(InetAddress address, @Nullable ProxyServer proxy) {

    /** Neither changes for whom the request is, by whose name TLS is verified. */
    public RequestOptions set(RequestOptions options, Origin origin) {
        return proxy == null
                // Vert.x takes an IPv6 address only as it stands in an address of the web.
                ? options.setServer(SocketAddress.inetSocketAddress(
                        origin.port(), HostAndPort.inBrackets(address.getHostAddress())))
                : options.setProxyOptions(proxy.at(address, origin.secure()));
    }
}
