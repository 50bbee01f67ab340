package dev.unroot.webhook;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One address that clients connect from, and what of the server's room it holds. */
final class ClientAddress {
    private final String address;

    /** Bytes of bodies, and requests that are worked on: {@link InFlight} counts them. */
    private final AtomicLong bytes = new AtomicLong();

    private final AtomicInteger requests = new AtomicInteger();

    /** Its connections, in the order that they came in. {@link Connections} guards both. */
    private final Set<OpenConnection> open = new LinkedHashSet<>();

    private final Set<OpenConnection> unproven = new LinkedHashSet<>();

    ClientAddress(String address) {
        this.address = address;
    }

    String address() {
        return address;
    }

    AtomicLong bytes() {
        return bytes;
    }

    AtomicInteger requests() {
        return requests;
    }

    Set<OpenConnection> open() {
        return open;
    }

    /** Those of which no whole request has come yet. */
    Set<OpenConnection> unproven() {
        return unproven;
    }
}
