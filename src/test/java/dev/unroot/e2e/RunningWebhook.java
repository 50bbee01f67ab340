package dev.unroot.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.TrustingClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code serve --standalone} as a process of its own, asked over HTTPS with the CA it hands out. */
final class RunningWebhook implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ADDRESS = Pattern.compile("https://127\\.0\\.0\\.1:(\\d+)/validate");

    private final Process process;
    private final HttpClient client;
    private final URI address;

    private RunningWebhook(Process process, HttpClient client, URI address) {
        this.process = process;
        this.client = client;
        this.address = address;
    }

    static RunningWebhook start(Path folder, String registry) throws Exception {
        Path configuration = Files.writeString(folder.resolve("unroot.yaml"), """
                apiVersion: unroot.dev/v1
                kind: UnrootConfiguration
                defaults: {enforce: nonroot, warn: none, audit: none}
                imageLookup:
                  registries:
                    - {host: "%s", plainHttp: true, allowPrivate: true}
                """.formatted(registry));
        Path ca = folder.resolve("ca.crt");
        Path log = folder.resolve("webhook.log");
        Process process = new ProcessBuilder(Programs.unrootCommand(
                        "serve",
                        "--standalone",
                        "--config",
                        configuration.toString(),
                        "--port",
                        "0",
                        "--management-port",
                        "0",
                        "--write-ca",
                        ca.toString()))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return new RunningWebhook(process, client(ca), awaitAddress(process, log));
        } catch (Exception | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static URI awaitAddress(Process process, Path log) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 300 && process.isAlive(); attempt++) {
            Matcher address = ADDRESS.matcher(Files.readString(log));
            if (address.find()) {
                return URI.create(address.group() + "?timeout=10s");
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the webhook did not start: " + Files.readString(log));
    }

    private static HttpClient client(Path ca) throws Exception {
        for (int attempt = 0; attempt < 300 && !Files.exists(ca); attempt++) {
            Thread.sleep(100);
        }
        return TrustingClient.of(Files.readString(ca));
    }

    /** The AdmissionReview that answers the creation of a pod with this image. */
    JsonNode review(String image) throws IOException, InterruptedException {
        String uid = UUID.randomUUID().toString();
        String body = """
                {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"%s",
                 "kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},
                 "namespace":"shop","operation":"CREATE","userInfo":{"username":"jane"},
                 "object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"app","namespace":"shop"},
                 "spec":{"containers":[{"name":"app","image":"%s"}]}}}}
                """.formatted(uid, image);
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + ": " + response.body());
        }
        JsonNode review = JSON.readTree(response.body());
        if (!review.at("/response/uid").asText().equals(uid)) {
            throw new AssertionError("another uid: " + review);
        }
        return review;
    }

    /** Asks it to stop, as the kubelet would. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the webhook did not stop on SIGTERM");
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("the webhook exited with " + process.exitValue() + " on SIGTERM");
        }
    }
}
