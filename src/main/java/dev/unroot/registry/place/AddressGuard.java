package dev.unroot.registry.place;

import dev.unroot.common.Deadline;
import dev.unroot.common.HostAndPort;
import dev.unroot.common.Text;
import dev.unroot.common.Threads;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Resolves a host once and refuses it where one of its addresses is not for strangers. The caller connects to the addresses
 * returned and resolves nothing again: a name that answers differently the next time gains nothing by it.
 */
public final class AddressGuard implements AutoCloseable {
    /** Name lookups block and cannot be interrupted: a slow name server holds its thread, and no more than these. */
    public static final int THREADS = 32;

    private static final int WAITING = 128;

    private final TrustZone trustZone;
    private final RegistryHosts hosts;
    private final HostResolver resolver;
    private final Outages silentNames;
    private final ThreadPoolExecutor pool = Threads.pool("unroot-resolver", THREADS, WAITING);

    public AddressGuard(TrustZone trustZone, RegistryHosts hosts, HostResolver resolver, Outages silentNames) {
        this.silentNames = silentNames;
        this.trustZone = trustZone;
        this.hosts = hosts;
        this.resolver = resolver;
    }

    /** @return the addresses to connect to, in the resolver's order; never empty */
    public List<InetAddress> addresses(Origin origin, RequestContext context) {
        List<InetAddress> addresses = new ArrayList<>();
        for (InetAddress address : resolve(origin.host(), "its host name", context)) {
            check(origin, AddressKind.of(address), context);
            addresses.add(AddressKind.nameless(address));
        }
        return addresses;
    }

    /** Those of a proxy, wherever it is: the operator has named it. */
    List<InetAddress> ofProxy(ProxyServer proxy, RequestContext context) {
        return Arrays.stream(resolve(proxy.host(), "the host name of proxy " + proxy, context))
                .map(AddressKind::nameless)
                .toList();
    }

    /** For a host that a proxy will resolve: refused is what says by itself that it is at an address not for strangers. */
    void requireName(Origin origin, RequestContext context) {
        InetAddress literal = HostAndPort.address(HostAndPort.withoutRoot(origin.host()));
        if (literal != null) {
            check(origin, AddressKind.of(literal), context);
        } else if (HostAndPort.isLocalhost(origin.host())) {
            check(origin, AddressKind.LOOPBACK, context);
        } else if (trustZone == TrustZone.UNTRUSTED && HostAndPort.isDisguised(origin.host())) {
            throw context.notAsked(UnknownCause.REFUSED_ADDRESS, "its host is an address in an unusual form");
        }
    }

    private void check(Origin origin, AddressKind kind, RequestContext context) {
        if (trustZone == TrustZone.UNTRUSTED && kind != AddressKind.PUBLIC) {
            refuse(origin, kind, context);
        }
    }

    private void refuse(Origin origin, AddressKind kind, RequestContext context) {
        String where = "its address is " + kind.label();
        if (!kind.isConfigurable()) {
            throw context.notAsked(UnknownCause.REFUSED_ADDRESS, where);
        }
        if (!hosts.of(origin).allowPrivate()) {
            throw context.notAsked(
                    UnknownCause.REFUSED_ADDRESS,
                    where + ", and imageLookup.registries[].allowPrivate is not set for host "
                            + Text.plain(origin.authority()));
        }
    }

    /** @param whose {@code its host name}, for the reason of a failure */
    private InetAddress[] resolve(String host, String whose, RequestContext context) {
        try (Outages.Attempt attempt = silentNames.begin("the address of " + host, context)) {
            return resolve(host, whose, context, attempt);
        }
    }

    private InetAddress[] resolve(String host, String whose, RequestContext context, Outages.Attempt attempt) {
        Future<InetAddress[]> answer;
        AtomicBoolean begun = new AtomicBoolean();
        try {
            answer = pool.submit(() -> {
                begun.set(true);
                return resolver.resolve(host);
            });
        } catch (RejectedExecutionException e) {
            throw context.notAsked(UnknownCause.UNREACHABLE, "too many host names are being resolved");
        }
        try {
            InetAddress[] addresses = context.deadline().await(answer);
            attempt.reached();
            if (addresses.length == 0) {
                throw unknownHost(whose, context);
            }
            return addresses;
        } catch (Deadline.Interrupted e) {
            answer.cancel(false);
            throw context.timedOut();
        } catch (TimeoutException e) {
            answer.cancel(false);
            Function<RequestContext, LookupException> failure =
                    asked -> asked.notAsked(UnknownCause.TIMEOUT, whose + " was not resolved in time");
            // One that only waited behind others' names says nothing of its own.
            if (begun.get()) {
                attempt.silent(failure);
            }
            throw failure.apply(context);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw unknownHost(whose, context);
            }
            throw new IllegalStateException("resolving a host name failed", e.getCause());
        }
    }

    private static LookupException unknownHost(String whose, RequestContext context) {
        return context.notAsked(UnknownCause.UNREACHABLE, whose + " has no address");
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
