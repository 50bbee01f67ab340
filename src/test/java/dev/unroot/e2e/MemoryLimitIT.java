package dev.unroot.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.TrustingClient;
import dev.unroot.chart.ChartMemory;
import dev.unroot.registry.remote.Misbehaviour;
import dev.unroot.registry.remote.TestRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica in a container of the chart's size, with the image's JVM options, lives whatever comes at once: a hundred large
 * bodies, bad and good, or more connections than it may have files. What is too much is shed, and reviews are answered.
 */
@Timeout(600)
class MemoryLimitIT {
    private static final int AT_ONCE = 100;
    private static final int LARGE = 2_900_000;
    private static final int REGISTRIES = 4;
    private static final int LOOKUPS = 32;
    private static final Pattern PORTS =
            Pattern.compile("https://127\\.0\\.0\\.1:(\\d+)/validate(?s:.*)http://127\\.0\\.0\\.1:(\\d+)/metrics");

    @TempDir
    private Path folder;

    private Daemon daemon;
    private SSLContext tls;
    private int port;
    private int management;

    @BeforeAll
    static void programs() {
        Programs.require("sh");
    }

    private List<String> serve() throws IOException {
        return ImageJvm.command(
                "serve",
                "--standalone",
                "--port",
                "0",
                "--management-port",
                "0",
                "--write-ca",
                folder.resolve("ca.crt").toString());
    }

    private void start(List<String> command) throws Exception {
        daemon = Daemon.start("the webhook", folder.resolve("log"), Map.of(), command);
        daemon.await(() -> PORTS.matcher(daemon.log()).find());
        Matcher ports = PORTS.matcher(daemon.log());
        assertThat(ports.find()).isTrue();
        port = Integer.parseInt(ports.group(1));
        management = Integer.parseInt(ports.group(2));
        tls = TrustingClient.of(Files.readString(folder.resolve("ca.crt"))).sslContext();
    }

    private static String review(String metadata, String containers) {
        return """
                {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1",\
                "kind":{"group":"","version":"v1","kind":"Pod"},\
                "resource":{"group":"","version":"v1","resource":"pods"},\
                "namespace":"shop","operation":"CREATE","userInfo":{"username":"jane"},\
                "object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"app","namespace":"shop"%s},\
                "spec":{"containers":[%s]}}}}""".formatted(metadata, containers);
    }

    private static String container(int number, String more) {
        return "{\"name\":\"c" + number + "\",\"image\":\"i" + number + "\",\"securityContext\":{\"runAsUser\":"
                + (number % 2) + more + "}}";
    }

    /** Bad ones, good ones with much that is passed over, and good ones with as much as can be kept. */
    private static List<String> bodies() {
        String capabilities =
                IntStream.range(0, 99).mapToObj(i -> "\"c" + i + "\"").collect(Collectors.joining(","));
        String most = IntStream.range(0, 1000)
                .mapToObj(i -> container(
                        i, ",\"capabilities\":{\"add\":[" + capabilities + "],\"drop\":[" + capabilities + "]}"))
                .collect(Collectors.joining(","));
        return List.of(
                "{\"a\":\"" + "x".repeat(LARGE),
                "{\"a\":".repeat(LARGE / 5),
                review("", String.join(",", Collections.nCopies(LARGE / 3, "{}"))),
                review(",\"annotations\":{\"a\":\"" + "x".repeat(LARGE) + "\"}", container(1, "")),
                review("", most));
    }

    private static byte[] post(String body) {
        return ("POST /validate?timeout=30s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(US_ASCII);
    }

    private String ask(byte[] request, CountDownLatch ready) {
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(120_000);
            socket.startHandshake();
            ready.countDown();
            ready.await();
            socket.getOutputStream().write(request);
            return status(socket.getInputStream());
        } catch (IOException | InterruptedException cut) {
            return "cut";
        } finally {
            ready.countDown();
        }
    }

    private static String status(InputStream in) throws IOException {
        String line = new String(in.readNBytes(12), US_ASCII);
        in.readAllBytes();
        return line.isEmpty() ? "cut" : line.substring(9);
    }

    private Map<String, Integer> burst(String body) throws Exception {
        byte[] request = post(body);
        CountDownLatch ready = new CountDownLatch(AT_ONCE);
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        Map<String, Integer> counts = new TreeMap<>();
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                answers.add(clients.submit(() -> ask(request, ready)));
            }
            for (Future<String> answer : answers) {
                counts.merge(answer.get(), 1, Integer::sum);
            }
        } finally {
            clients.shutdownNow();
        }
        return counts;
    }

    private void isAnswered() throws InterruptedException {
        byte[] small = post(review("", container(1, "")));
        Eventually.passes(
                "an answer", () -> assertThat(ask(small, new CountDownLatch(1))).isEqualTo("200"));
    }

    @Test
    void livesWhateverComesAtOnce() throws Exception {
        try (MemoryCgroup cgroup = MemoryCgroup.make(ChartMemory.limit())) {
            start(cgroup.command(serve()));
            try {
                isAnswered();
                for (String body : bodies()) {
                    Map<String, Integer> counts = burst(body);
                    assertThat(daemon.isRunning()).as(counts + daemon.log()).isTrue();
                    assertThat(cgroup.killed()).isZero();
                    assertThat(counts).containsOnlyKeys(allowed(counts));
                    isAnswered();
                    System.out.println("a hundred of " + body.length() + " bytes at once: " + counts);
                }
                assertThat(daemon.log()).doesNotContain("OutOfMemoryError");
            } finally {
                daemon.terminate();
                daemon.awaitEnd();
            }
        }
    }

    /** All that the heap is shared for, at the same time: bodies without end, and registries that send as much as they may. */
    @Test
    void livesThroughAFloodOfBodiesAndHostileRegistriesAtOnce() throws Exception {
        Vertx vertx = Vertx.vertx();
        List<TestRegistry> registries = new ArrayList<>();
        try (MemoryCgroup cgroup = MemoryCgroup.make(ChartMemory.limit())) {
            List<String> hostile = new ArrayList<>();
            for (int i = 0; i < REGISTRIES; i++) {
                TestRegistry registry = TestRegistry.http(vertx);
                registries.add(registry);
                hostile.addAll(hostileImages(registry));
            }
            TestRegistry honest = TestRegistry.http(vertx);
            registries.add(honest);
            honest.image("root", "1", "0");
            honest.image("app", "1", "1000");
            List<String> command = serve();
            command.addAll(List.of("--config", configuration(registries).toString()));
            start(cgroup.command(command));
            ExecutorService clients = Executors.newFixedThreadPool(LOOKUPS + 1);
            try {
                isAnswered();
                List<Future<String>> answers = new ArrayList<>();
                Future<String> root = clients.submit(() -> untilAnswered(image(honest.host() + "/root:1")));
                for (String image : hostile) {
                    answers.add(clients.submit(() -> text(post(image(image)))));
                }
                Map<String, Integer> bursts = new TreeMap<>();
                do {
                    for (String body : bodies()) {
                        burst(body).forEach((status, count) -> bursts.merge(status, count, Integer::sum));
                        assertThat(daemon.isRunning()).as(bursts + daemon.log()).isTrue();
                    }
                } while (!answers.stream().allMatch(Future::isDone));
                assertThat(root.get()).contains("\"allowed\":false");
                for (Future<String> answer : answers) {
                    assertThat(answer.get()).doesNotContain("\"allowed\":true");
                }
                assertThat(bursts).containsOnlyKeys(allowed(bursts));
                System.out.println("bodies at once with " + hostile.size() + " hostile images: " + bursts);
                String app = image(honest.host() + "/app:1");
                Eventually.passes(
                        "an honest answer", () -> assertThat(text(post(app))).contains("\"allowed\":true"));
                String zero = image(honest.host() + "/root:1");
                Eventually.passes(
                        "an honest answer",
                        () -> assertThat(text(post(zero)))
                                .contains("\"allowed\":false")
                                .contains("runs as root"));
                assertThat(daemon.log()).doesNotContain("OutOfMemoryError");
                assertThat(cgroup.killed()).isZero();
            } finally {
                clients.shutdownNow();
                daemon.terminate();
                daemon.awaitEnd();
            }
        } finally {
            registries.forEach(TestRegistry::close);
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** One of each kind. */
    private static List<String> hostileImages(TestRegistry registry) {
        Misbehaviour does = new Misbehaviour(registry);
        Map<String, Consumer<String>> kinds = new TreeMap<>(Map.of(
                "manifest", does::endlessManifest,
                "configuration", does::endlessConfiguration,
                "keys", does::hugeConfiguration,
                "lists", does::hugeManifest,
                "layer", does::endlessLayer,
                "entries", does::millionEntries,
                "dripping", does::drippingLayer,
                "passwd", does::rootsLargePasswd));
        List<String> images = new ArrayList<>();
        kinds.forEach((kind, put) -> {
            put.accept(kind);
            images.add(registry.host() + "/" + kind + ":1");
        });
        return images;
    }

    private Path configuration(List<TestRegistry> registries) throws IOException {
        StringBuilder text = new StringBuilder("apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\n"
                + "defaults: {enforce: nonroot}\nimageLookup:\n  timeout: 10s\n  registries:\n");
        registries.forEach(registry -> text.append("    - {host: \"")
                .append(registry.host())
                .append("\", plainHttp: true, allowPrivate: true}\n"));
        return Files.writeString(folder.resolve("unroot.yaml"), text);
    }

    private static String image(String reference) {
        return review("", "{\"name\":\"app\",\"image\":\"" + reference + "\"}");
    }

    /** What is shed for want of room is sent again, as an API server would. */
    private String untilAnswered(String review) {
        String answer;
        do {
            answer = text(post(review));
        } while (!answer.contains("\"allowed\":"));
        return answer;
    }

    private String text(byte[] request) {
        try (Socket socket = tls.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream().write(request);
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException cut) {
            return "cut";
        }
    }

    /** Whatever came, nobody was left without an answer but those whose connection was ended. */
    private static String[] allowed(Map<String, Integer> counts) {
        return counts.keySet().stream()
                .filter(List.of("200", "400", "408", "503", "cut")::contains)
                .toArray(String[]::new);
    }

    @Test
    void hasNoMoreConnectionsThanItMayOpenFiles() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 400 && exec \"$@\"", "sh"));
        command.addAll(serve());
        start(command);
        List<Socket> open = new ArrayList<>();
        try {
            isAnswered();
            for (int i = 0; i < 600; i++) {
                open.add(new Socket("127.0.0.1", port));
            }
            isAnswered();
            isAnswered();
            Eventually.passes("the log", () -> assertThat(daemon.log()).contains("may open 400 files: ulimit -n"));
            String metrics = metrics();
            Matcher connections =
                    Pattern.compile("(?m)^unroot_admission_connections (\\d+)").matcher(metrics);
            assertThat(connections.find()).as(metrics).isTrue();
            assertThat(Integer.parseInt(connections.group(1))).isBetween(50, 200);
            assertThat(daemon.log()).doesNotContain("does not answer on its own port");
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
            daemon.terminate();
            daemon.awaitEnd();
        }
    }

    private String metrics() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", management)) {
            socket.getOutputStream()
                    .write("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }
}
