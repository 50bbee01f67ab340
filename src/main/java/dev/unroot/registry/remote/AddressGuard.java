package dev.unroot.registry.remote;

import dev.unroot.model.Text;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Resolves a host once and refuses it where one of its addresses is not for strangers. The caller dials the addresses
 * returned and resolves nothing again: a name that answers differently the next time gains nothing by it.
 */
final class AddressGuard implements AutoCloseable {
    /** Name lookups block and cannot be interrupted: a slow name server holds its thread, and no more than these. */
    private static final int THREADS = 32;

    private static final int WAITING = 128;

    private final Reach reach;
    private final Hosts hosts;
    private final HostResolver resolver;
    private final ThreadPoolExecutor pool = Threads.pool("unroot-resolver", THREADS, WAITING);

    AddressGuard(Reach reach, Hosts hosts, HostResolver resolver) {
        this.reach = reach;
        this.hosts = hosts;
        this.resolver = resolver;
    }

    /** @return the addresses to dial, in the resolver's order; never empty */
    List<InetAddress> addresses(Origin origin, Errand errand) {
        List<InetAddress> addresses = new ArrayList<>();
        for (InetAddress address : resolve(origin.host(), errand)) {
            AddressKind kind = AddressKind.of(address);
            if (reach == Reach.STRANGERS && kind != AddressKind.PUBLIC) {
                refuse(origin, kind, errand);
            }
            addresses.add(AddressKind.nameless(address));
        }
        if (addresses.isEmpty()) {
            throw unknownHost(errand);
        }
        return addresses;
    }

    private void refuse(Origin origin, AddressKind kind, Errand errand) {
        String where = "its address is " + kind.label();
        if (!kind.isConfigurable()) {
            throw errand.notAsked(UnknownCause.REFUSED_ADDRESS, where);
        }
        if (!hosts.of(origin).allowPrivate()) {
            throw errand.notAsked(
                    UnknownCause.REFUSED_ADDRESS,
                    where + ", and imageLookup.registries[].allowPrivate is not set for host "
                            + Text.plain(origin.authority()));
        }
    }

    private InetAddress[] resolve(String host, Errand errand) {
        Future<InetAddress[]> answer;
        try {
            answer = pool.submit(() -> resolver.resolve(host));
        } catch (RejectedExecutionException e) {
            throw errand.notAsked(UnknownCause.UNREACHABLE, "too many host names are being resolved");
        }
        try {
            return answer.get(errand.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw errand.notAsked(UnknownCause.TIMEOUT, "its host name was not resolved in time");
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw errand.timedOut();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw unknownHost(errand);
            }
            throw new IllegalStateException("resolving a host name failed", e.getCause());
        }
    }

    private static LookupException unknownHost(Errand errand) {
        return errand.notAsked(UnknownCause.UNREACHABLE, "its host name has no address");
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
