package dev.unroot.bench;

import dev.unroot.TrustingClient;
import dev.unroot.registry.remote.TestRegistry;
import dev.unroot.webhook.WebhookServer;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long the first request to a replica takes once that is ready: connection, handshake, review of 9 KB. Each start is a
 * process of its own; starts without and with the warm-up take turns, so that both meet the same machine.
 */
final class FirstRequest {
    private static final int ROUNDS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String registry;
    private final Path folder;
    private final String lookup;
    private final String pinned;

    private FirstRequest(String registry, Path folder) throws IOException {
        this.registry = registry;
        this.folder = folder;
        try (InputStream in = FirstRequest.class.getResourceAsStream("review-9k.json")) {
            lookup = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("registry.example", registry);
        }
        pinned = lookup.replace("{\"fsGroup\":2000}", "{\"runAsUser\":10001}");
    }

    /** Of one start, in milliseconds. */
    private record Figures(double ready, double first, double second) {}

    public static void main(String[] arguments) throws Exception {
        Vertx vertx = WebhookServer.newVertx();
        Path folder = Files.createTempDirectory("unroot-first-request");
        try (TestRegistry images = TestRegistry.http(vertx)) {
            images.image("shop/app", "4.2.0", "10001");
            images.image("mesh/proxy", "1.9.1", "10001");
            new FirstRequest(images.host(), folder).run();
        } finally {
            Files.deleteIfExists(folder.resolve("ca.crt"));
            Files.delete(folder);
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private void run() throws Exception {
        start(true, lookup);
        for (boolean looksUp : new boolean[] {false, true}) {
            List<Figures> cold = new ArrayList<>();
            List<Figures> warm = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                cold.add(start(false, looksUp ? lookup : pinned));
                warm.add(start(true, looksUp ? lookup : pinned));
            }
            String what = looksUp ? "two images looked up" : "no image looked up";
            print(what + ", without warm-up", cold);
            print(what + ", with warm-up", warm);
        }
    }

    private Figures start(boolean warmUp, String body) throws Exception {
        Path ca = folder.resolve("ca.crt");
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        YoungWebhook.class.getName(),
                        Boolean.toString(warmUp),
                        registry,
                        ca.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader()) {
            String[] ports = ports(out);
            HttpClient client = TrustingClient.of(Files.readString(ca));
            awaitReady(client, URI.create("http://127.0.0.1:" + ports[1] + "/readyz"));
            double ready = milliseconds(begun);
            URI uri = URI.create("https://localhost:" + ports[0] + "/validate?timeout=30s");
            return new Figures(ready, ask(client, uri, body), ask(client, uri, body));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Whatever else a library prints at its start. */
    private static String[] ports(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.matches("\\d+ \\d+")) {
                return line.split(" ");
            }
        }
        throw new IOException("the webhook ended before it served");
    }

    private static void awaitReady(HttpClient client, URI uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        while (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
            Thread.sleep(20);
        }
    }

    private static double ask(HttpClient client, URI uri, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        long begun = System.nanoTime();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        double took = milliseconds(begun);
        if (answer.statusCode() != 200 || !answer.body().contains("\"allowed\":true")) {
            throw new IllegalStateException("not the answer to measure: " + answer.statusCode() + " " + answer.body());
        }
        return took;
    }

    private static double milliseconds(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }

    private static void print(String what, List<Figures> all) {
        System.out.printf(
                Locale.ROOT,
                "%s: ready after %.0f ms (median of %d), first request %.0f ms, at most %.0f; second %.0f ms, at most %.0f%n",
                what,
                median(all.stream().map(Figures::ready).toList()),
                all.size(),
                median(all.stream().map(Figures::first).toList()),
                all.stream().mapToDouble(Figures::first).max().orElseThrow(),
                median(all.stream().map(Figures::second).toList()),
                all.stream().mapToDouble(Figures::second).max().orElseThrow());
    }

    private static double median(List<Double> all) {
        List<Double> sorted = all.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
