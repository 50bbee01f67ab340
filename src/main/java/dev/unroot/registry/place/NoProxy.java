package dev.unroot.registry.place;

import dev.unroot.common.HostAndPort;
import dev.unroot.common.Text;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts are connected to directly, by the rules of {@code NO_PROXY} that the kubelet and containerd go by. Source: Go's
 * golang.org/x/net/http/httpproxy.
 *
 * <p>An entry is a host ({@code example.com}, which its subdomains are too; {@code .example.com} or {@code *.example.com},
 * which are the subdomains alone), an address, or a network ({@code 10.0.0.0/8}), a host or address with or without a port;
 * a lone {@code *} is everything. {@code localhost} and loopback addresses never go through a proxy. Addresses match hosts
 * that are written as addresses: names are not resolved for it.
 */
public record NoProxy(List<String> entries) {
    private static final Pattern HOST =
            Pattern.compile("\\*|(\\*?\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?(:[0-9]{1,5})?");

    public static final NoProxy NOTHING = new NoProxy(List.of());

    public NoProxy {
        entries = entries.stream()
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** Reads a comma-separated list, as the environment has it. */
    public static NoProxy parse(String list) {
        return new NoProxy(Arrays.asList(list.split(",")));
    }

    /**
     * Reads an entry of {@code imageLookup.proxy.noProxy}.
     *
     * @throws IllegalArgumentException with a sentence, where it can match nothing
     */
    public static String entry(String text) {
        String entry = text.strip();
        int slash = entry.indexOf('/');
        boolean host = HOST.matcher(entry).matches() || HostAndPort.address(host(HostAndPort.split(entry))) != null;
        boolean known = slash < 0 ? host : network(entry) != null;
        if (!known) {
            throw new IllegalArgumentException(
                    Text.quote(text)
                            + " excepts nothing: write one host, host:port, .example.com, address, network (10.0.0.0/8) or \"*\"");
        }
        return entry;
    }

    public boolean matches(Origin origin) {
        String host = HostAndPort.withoutRoot(origin.host());
        InetAddress address = HostAndPort.address(host);
        if (HostAndPort.isLoopback(host)) {
            return true;
        }
        return entries.stream().anyMatch(entry -> matches(entry, host, address, origin.port()));
    }

    private static boolean matches(String entry, String host, @Nullable InetAddress address, int port) {
        if (entry.equals("*")) {
            return true;
        }
        if (entry.indexOf('/') >= 0) {
            return address != null && isWithin(address, entry);
        }
        HostAndPort hostAndPort = HostAndPort.split(entry);
        String name = host(hostAndPort);
        if (hostAndPort.port() != null && !hostAndPort.port().equals(Integer.toString(port))) {
            return false;
        }
        InetAddress entryAddress = HostAndPort.address(name);
        if (entryAddress != null) {
            return entryAddress.equals(address);
        }
        String domain = name.startsWith("*.") ? name.substring(1) : name;
        return domain.startsWith(".")
                ? host.endsWith(domain)
                : !domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain));
    }

    private static String host(HostAndPort entry) {
        return HostAndPort.withoutBrackets(entry.host());
    }

    private static boolean isWithin(InetAddress address, String text) {
        Network network = network(text);
        if (network == null) {
            return false;
        }
        byte[] wanted = network.base().getAddress();
        byte[] found = address.getAddress();
        if (wanted.length != found.length) {
            return false;
        }
        int whole = network.bits() / 8;
        int rest = network.bits() % 8;
        return Arrays.equals(wanted, 0, whole, found, 0, whole)
                && (rest == 0 || (wanted[whole] ^ found[whole]) >> (8 - rest) == 0);
    }

    private record Network(InetAddress base, int bits) {}

    /** {@code 10.0.0.0/8}; null where it is none. */
    private static @Nullable Network network(String text) {
        int slash = text.indexOf('/');
        InetAddress base = HostAndPort.address(text.substring(0, slash));
        String length = text.substring(slash + 1);
        if (base == null || !length.matches("[0-9]{1,3}")) {
            return null;
        }
        int bits = Integer.parseInt(length);
        return bits > base.getAddress().length * 8 ? null : new Network(base, bits);
    }
}
