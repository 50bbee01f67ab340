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
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code serve --standalone} as a process of its own, asked over HTTPS with the CA it hands out. */
final class RunningWebhook implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ADDRESS = Pattern.compile("https://127\\.0\\.0\\.1:(\\d+)/validate");

    private final Daemon daemon;
    private final HttpClient client;
    private final URI address;

    private RunningWebhook(Daemon daemon, HttpClient client, URI address) {
        this.daemon = daemon;
        this.client = client;
        this.address = address;
    }

    static RunningWebhook start(Path folder, String registry) throws Exception {
        return start(folder, registry, "");
    }

    /** @param more keys of {@code imageLookup}, indented by two */
    static RunningWebhook start(Path folder, String registry, String more) throws Exception {
        Path configuration = Files.writeString(folder.resolve("unroot.yaml"), """
                apiVersion: unroot.dev/v1
                kind: UnrootConfiguration
                defaults: {enforce: nonroot, warn: none, audit: none}
                imageLookup:
                  # A process that has just begun is slow, and more so beside others.
                  timeout: 25s
                  registries:
                    - {host: "%s", plainHttp: true, allowPrivate: true}
                %s
                """.formatted(registry, more));
        Path ca = folder.resolve("ca.crt");
        Path log = folder.resolve("webhook.log");
        Daemon daemon = Daemon.start(
                "the webhook",
                log,
                Map.of(),
                Programs.unrootCommand(
                        "serve",
                        "--standalone",
                        "--config",
                        configuration.toString(),
                        "--port",
                        "0",
                        "--management-port",
                        "0",
                        "--write-ca",
                        ca.toString()));
        daemon.await(() -> ADDRESS.matcher(daemon.log()).find());
        return new RunningWebhook(daemon, TrustingClient.of(Files.readString(ca)), address(daemon));
    }

    private static URI address(Daemon daemon) {
        Matcher address = ADDRESS.matcher(daemon.log());
        if (!address.find()) {
            throw new AssertionError("no address in the log: " + daemon.log());
        }
        return URI.create(address.group() + "?timeout=30s");
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
                .timeout(Duration.ofSeconds(60))
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
        daemon.terminate();
        int exit = daemon.awaitEnd();
        if (exit != 0) {
            throw new AssertionError("the webhook exited with " + exit + " on SIGTERM");
        }
    }
}
