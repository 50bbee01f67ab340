package dev.unroot.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class NamespaceReaderTest {
    private static final Map<String, String> OLD = Map.of("unroot.dev/enforce", "none");
    private static final Map<String, String> NEW = Map.of("unroot.dev/enforce", "explicit");

    private final ApiServer server = new ApiServer();
    private final ClusterConnection connection = server.connect();
    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private final NamespaceReader reader = new NamespaceReader(new ApiReader(connection.client()), threads);

    @AfterEach
    void close() {
        server.close();
        connection.close();
        threads.shutdown();
    }

    @Test
    void remembersUntilTheNamespaceIsGone() throws Exception {
        server.write("shop", OLD);
        assertThat(read("shop")).isEqualTo(OLD);
        server.write("shop", NEW);
        long before = server.reads("shop");
        assertThat(read("shop")).isEqualTo(OLD);
        assertThat(server.reads("shop")).isEqualTo(before);
        reader.forget("shop");
        assertThat(read("shop")).isEqualTo(NEW);
        assertThat(server.reads("shop")).isEqualTo(before + 1);
    }

    @Test
    void doesNotRememberWhatWasUnderWayWhenTheNamespaceWent() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        server.answer(request -> !ApiServer.isRead(request, "shop")
                ? null
                : reads.getAndIncrement() == 0
                        ? ApiServer.found(ApiServer.namespace("shop", OLD)).setBodyDelay(1, TimeUnit.SECONDS)
                        : ApiServer.found(ApiServer.namespace("shop", NEW)));
        CompletableFuture<Map<String, String>> first = reader.read("shop");
        while (reads.get() == 0) {
            Thread.sleep(5);
        }
        reader.forget("shop");
        assertThat(read("shop")).isEqualTo(NEW);
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(OLD);
        assertThat(read("shop")).as("not overwritten by the older answer").isEqualTo(NEW);
        assertThat(reads).hasValue(2);
    }

    @Test
    void aFailureIsNotRemembered() throws Exception {
        server.answer(request -> ApiServer.isRead(request, "shop") ? ApiServer.status(403, "no") : null);
        assertThat(reader.read("shop")).failsWithin(20, TimeUnit.SECONDS);
        server.answer(request -> null);
        server.write("shop", NEW);
        assertThat(read("shop")).isEqualTo(NEW);
    }

    private Map<String, String> read(String namespace) throws Exception {
        return reader.read(namespace).get(20, TimeUnit.SECONDS);
    }
}
