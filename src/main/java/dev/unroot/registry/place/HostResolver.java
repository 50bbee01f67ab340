package dev.unroot.registry.place;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Turns a host name into addresses; blocks while it does. */
@FunctionalInterface
public interface HostResolver {
    /** The JDK's, by which everything else on this machine resolves too. */
    HostResolver SYSTEM = InetAddress::getAllByName;

    InetAddress[] resolve(String host) throws UnknownHostException;
}
