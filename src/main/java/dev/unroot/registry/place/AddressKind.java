package dev.unroot.registry.place;

import dev.unroot.common.HostAndPort;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/**
 * What an address is, as far as it decides whether a stranger's reference may reach it. An IPv6 address that carries an
 * IPv4 address is as bad as what it carries.
 *
 * <p>Sources: IANA's special-purpose address registries (RFC 6890), RFC 6052 and 8215 (NAT64), 3056 (6to4), 4380
 * (Teredo), 5214 (ISATAP).
 */
public enum AddressKind {
    PUBLIC("public", false),
    LOOPBACK("loopback", true),
    PRIVATE("private", true),
    SHARED("shared (100.64.0.0/10)", true),
    UNIQUE_LOCAL("unique-local", true),
    LINK_LOCAL("link-local", false),
    METADATA("a cloud's metadata service", false),
    UNSPECIFIED("unspecified", false),
    MULTICAST("multicast", false),
    RESERVED("reserved", false);

    /** Those of AWS and Google on IPv6, Alibaba and Azure, which are not link-local; the others are. */
    private static final Set<InetAddress> METADATA_SERVICES = Set.of(
            literal("fd00:ec2::254"), literal("fd20:ce::254"), literal("100.100.100.200"), literal("168.63.129.16"));

    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] NAT64_LOCAL = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 1};
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};
    private static final byte[] COMPATIBLE = new byte[12];

    private final String label;
    private final boolean configurable;

    AddressKind(String label, boolean configurable) {
        this.label = label;
        this.configurable = configurable;
    }

    String label() {
        return label;
    }

    /**
     * Whether {@code allowPrivate} lifts the refusal. In-house registries live at private addresses; none lives at a
     * link-local one, where clouds serve a machine's own credentials.
     */
    boolean isConfigurable() {
        return configurable;
    }

    public static AddressKind of(InetAddress address) {
        if (METADATA_SERVICES.contains(nameless(address))) {
            return METADATA;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? ofFour(bytes) : ofSixteen(address, bytes);
    }

    private static InetAddress literal(String address) {
        return Objects.requireNonNull(HostAndPort.address(address), address);
    }

    private static AddressKind ofWrapped(byte[] bytes) {
        try {
            return of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an address", e);
        }
    }

    private static AddressKind ofFour(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        int third = bytes[2] & 0xff;
        if (first == 0) {
            return UNSPECIFIED;
        }
        if (first == 127) {
            return LOOPBACK;
        }
        if (first == 10 || first == 172 && second >= 16 && second < 32 || first == 192 && second == 168) {
            return PRIVATE;
        }
        if (first == 100 && second >= 64 && second < 128) {
            return SHARED;
        }
        if (first == 169 && second == 254) {
            return LINK_LOCAL;
        }
        if (first >= 224 && first < 240) {
            return MULTICAST;
        }
        boolean protocols = first == 192 && second == 0 && third == 0;
        boolean relay = first == 192 && second == 88 && third == 99;
        boolean documentation = first == 192 && second == 0 && third == 2
                || first == 198 && second == 51 && third == 100
                || first == 203 && second == 0 && third == 113;
        boolean benchmark = first == 198 && (second == 18 || second == 19);
        return first >= 240 || protocols || relay || documentation || benchmark ? RESERVED : PUBLIC;
    }

    private static AddressKind ofSixteen(InetAddress address, byte[] bytes) {
        if (address.isAnyLocalAddress()) {
            return UNSPECIFIED;
        }
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        if (address.isMulticastAddress()) {
            return MULTICAST;
        }
        if (address.isLinkLocalAddress()) {
            return LINK_LOCAL;
        }
        int first = bytes[0] & 0xff;
        if ((first & 0xfe) == 0xfc || address.isSiteLocalAddress()) {
            return UNIQUE_LOCAL;
        }
        if (startsWith(bytes, MAPPED) || startsWith(bytes, COMPATIBLE) || startsWith(bytes, NAT64)) {
            return ofWrapped(Arrays.copyOfRange(bytes, 12, 16));
        }
        if (startsWith(bytes, NAT64_LOCAL)) {
            return PRIVATE;
        }
        if (first == 0x20 && (bytes[1] & 0xff) == 0x02) {
            return ofWrapped(Arrays.copyOfRange(bytes, 2, 6));
        }
        boolean isatap = (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && (bytes[11] & 0xff) == 0xfe;
        if (isatap) {
            return ofWrapped(Arrays.copyOfRange(bytes, 12, 16));
        }
        boolean global = (first & 0xe0) == 0x20;
        boolean teredo = first == 0x20 && bytes[1] == 1 && bytes[2] == 0 && bytes[3] == 0;
        boolean documentation = first == 0x20 && bytes[1] == 1 && bytes[2] == 0x0d && (bytes[3] & 0xff) == 0xb8;
        return global && !teredo && !documentation ? PUBLIC : RESERVED;
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** The same address without the name it was found by, so that nothing resolves it again. */
    static InetAddress nameless(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
