package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.Ports;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.http.TransportException;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.Outages;
import dev.unroot.registry.place.RequestContext;
import dev.unroot.registry.place.RequestListener;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RegistryHosts that cannot be reached: the first finds out, and the others do not wait for it again. */
class OutagesTest extends RegistryTestBase {
    private static final String HOST = "https://gone.example";
    private static final Function<RequestContext, LookupException> FAILURE =
            TransportException.of(new ConnectTimeoutException("planted"), false)::toFailure;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger begun = new AtomicInteger();
    private final RequestListener listener = new RequestListener() {
        @Override
        public void requested(String outcome) {}

        @Override
        public void unreached() {
            begun.incrementAndGet();
        }
    };
    private Outages outages = new Outages(nanos::get, listener, true);

    @BeforeEach
    void start() {
        nanos.set(0);
        begun.set(0);
        outages = new Outages(nanos::get, listener, true);
    }

    private static RequestContext context(String image) {
        return RequestContext.of(ImageReference.parse(image), Deadline.in(GENEROUS));
    }

    private Outages.Attempt begin() {
        return outages.begin(HOST, context("gone.example/app:1"));
    }

    private void assertHeldOff() {
        assertThatThrownBy(() -> outages.begin(HOST, context("gone.example/other:2")))
                .isInstanceOf(LookupException.class)
                .hasMessage("registry gone.example did not answer in time for gone.example/other:2");
    }

    @Test
    void oneTriesAgainForAll() {
        begin().unreached(FAILURE);
        assertHeldOff();
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        assertHeldOff();

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        Outages.Attempt probe = begin();
        assertHeldOff();
        probe.unreached(FAILURE);
        probe.close();
        assertHeldOff();
        assertThat(begun).as("once for the whole outage").hasValue(1);

        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        Outages.Attempt better = begin();
        better.reached();
        better.close();
        begin().close();
        begin().close();
        begin().unreached(FAILURE);
        assertThat(begun).hasValue(2);
    }

    @Test
    void whoGetsThroughEndsItForAll() {
        Outages.Attempt luckier = begin();
        begin().unreached(FAILURE);
        assertHeldOff();
        luckier.reached();
        begin().close();
    }

    @Test
    void whoFoundOutNothingLeavesItToTheNext() {
        begin().unreached(FAILURE);
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        begin().close();
        Outages.Attempt next = begin();
        assertHeldOff();
        next.close();
    }

    @Test
    void whoHadNoTimeFoundOutNothing() {
        begin().silent(FAILURE);
        begin().close();
        assertThat(begun).hasValue(0);
    }

    @Test
    void whatNobodyAsksForIsForgotten() {
        begin().unreached(FAILURE);
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        begin().close();
        begin().unreached(FAILURE);
        assertThat(begun).hasValue(2);
    }

    @Test
    void aHostThatRefusesIsDialledOnceForManyImages() throws IOException {
        String host = "registry.test:" + Ports.free();
        AtomicInteger resolved = new AtomicInteger();
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(List.of(TestRegistryOptions.of(host)
                        .withPlainHttp()
                        .withAllowPrivate()
                        .build()))
                .with(nanos::get)
                .with(listener)
                .with((HostResolver) name -> {
                    resolved.incrementAndGet();
                    return new InetAddress[] {InetAddress.getLoopbackAddress()};
                })
                .build());

        for (int i = 1; i <= 5; i++) {
            assertUnreachable(client.digest(pull(host + "/app:" + i)), host, i);
        }
        assertThat(resolved).hasValue(1);
        assertThat(begun).hasValue(1);

        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        assertUnreachable(client.digest(pull(host + "/app:6")), host, 6);
        assertUnreachable(client.digest(pull(host + "/app:7")), host, 7);
        assertThat(resolved).hasValue(2);
        assertThat(begun).hasValue(1);
    }

    @Test
    void aNameThatIsNotResolvedIsAskedForOnce() {
        AtomicInteger resolved = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(listener)
                .with((HostResolver) name -> {
                    resolved.incrementAndGet();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    throw new UnknownHostException(name);
                })
                .build());
        try {
            for (int i = 1; i <= 3; i++) {
                assertFailure(
                        client.digest(pull("silent.test/app:" + i, i == 1 ? Duration.ofSeconds(4) : GENEROUS)),
                        UnknownCause.TIMEOUT,
                        "registry silent.test was not asked for silent.test/app:" + i
                                + ": its host name was not resolved in time");
            }
        } finally {
            end.countDown();
        }
        assertThat(resolved).hasValue(1);
        assertThat(begun).hasValue(1);
    }

    private static void assertUnreachable(CompletionStage<?> stage, String host, int tag) {
        assertFailure(
                stage,
                UnknownCause.UNREACHABLE,
                "registry %1$s could not be reached for %1$s/app:%2$d".formatted(host, tag));
    }

    @Test
    void aHostThatAnswersBadlyIsReached() {
        TestRegistry registry = http();
        registry.image("app", "2", "1000");
        for (String method : List.of("HEAD", "GET")) {
            registry.script(
                    method + " /v2/app/manifests/1",
                    request -> request.connection().close());
        }
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry))
                .with(listener)
                .build());

        assertThat(failure(client.digest(pull(registry.host() + "/app:1"))).why())
                .isEqualTo(UnknownCause.UNREACHABLE);
        get(client.digest(pull(registry.host() + "/app:2")));
        assertThat(begun).hasValue(0);
    }
}
