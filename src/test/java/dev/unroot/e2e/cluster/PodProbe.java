package dev.unroot.e2e.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One probe of a running container, by HTTP: what it answers, and how often in a row. */
final class PodProbe {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** What a probe has come to. */
    enum Outcome {
        /** Too few answers to tell. */
        UNKNOWN,
        GOOD,
        BAD
    }

    private final Probe probe;
    private final URI address;
    private long due;
    private int failures;
    private Outcome outcome = Outcome.UNKNOWN;

    private PodProbe(Probe probe, URI address) {
        this.probe = probe;
        this.address = address;
    }

    /** Null where the container has no such probe. */
    static @Nullable PodProbe of(@Nullable Probe probe, Container container, String address) {
        if (probe == null) {
            return null;
        }
        HTTPGetAction get = probe.getHttpGet();
        return new PodProbe(probe, URI.create("http://" + address + ":" + port(get, container) + get.getPath()));
    }

    private static int port(HTTPGetAction get, Container container) {
        if (get.getPort().getIntVal() != null) {
            return get.getPort().getIntVal();
        }
        return container.getPorts().stream()
                .filter(port -> port.getName().equals(get.getPort().getStrVal()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow();
    }

    /** Asks if it is time to. A probe that failed failureThreshold times in a row is bad; one good answer makes it good. */
    Outcome ask() throws InterruptedException {
        if (System.nanoTime() - due < 0) {
            return outcome;
        }
        if (answers()) {
            failures = 0;
            outcome = Outcome.GOOD;
        } else if (++failures >= probe.getFailureThreshold()) {
            outcome = Outcome.BAD;
        }
        due = System.nanoTime() + Duration.ofSeconds(probe.getPeriodSeconds()).toNanos();
        return outcome;
    }

    private boolean answers() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(probe.getTimeoutSeconds()))
                .build();
        try {
            int status =
                    HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 400;
        } catch (IOException notThere) {
            return false;
        }
    }
}
