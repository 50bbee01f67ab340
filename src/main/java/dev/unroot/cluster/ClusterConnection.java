package dev.unroot.cluster;

import dev.unroot.certificate.ClusterCertificates;
import dev.unroot.certificate.DiagnosingTrustManager;
import dev.unroot.certificate.ServiceName;
import dev.unroot.common.Threads;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client for the API server: 5 seconds to connect, 10 for an answer, and few retries of its own, since whoever asks
 * has a deadline or tries again anyway. Opening it sends nothing.
 */
public final class ClusterConnection implements ClusterCertificates, AutoCloseable {
    private static final int CONNECT_MILLISECONDS = 5_000;
    private static final int REQUEST_MILLISECONDS = 10_000;
    private static final int RETRIES = 2;
    /** By the client itself, which would begin with its shortest pause after each watch that was open for a moment. */
    private static final int WATCH_RETRIES = 0;

    private static final int THREADS = 4;

    private final KubernetesClient client;
    private final ApiServerClock time;
    private final ThreadPoolExecutor threads;
    private final String description;

    private ClusterConnection(
            KubernetesClient client, ApiServerClock time, ThreadPoolExecutor threads, String description) {
        this.client = client;
        this.time = time;
        this.threads = threads;
        this.description = description;
    }

    /**
     * Connects to the cluster that KUBECONFIG names, else that this pod runs in, else of {@code ~/.kube/config}.
     *
     * @param version Unroot's, for the User-Agent
     * @throws ClusterException where there is none, or its description cannot be read
     */
    public static ClusterConnection open(String version) {
        return open(version, ClusterConfig.here().find());
    }

    static ClusterConnection open(String version, ClusterConfig.Found found) {
        Config config = found.config();
        config.setConnectionTimeout(CONNECT_MILLISECONDS);
        config.setRequestTimeout(REQUEST_MILLISECONDS);
        config.setRequestRetryBackoffLimit(RETRIES);
        config.setWatchReconnectLimit(WATCH_RETRIES);
        config.setUserAgent("unroot/" + version);
        // An HTTP/1.1 connection that stopped answering is dropped with the request that timed out on it. The JDK
        // keeps using an HTTP/2 one, so that every further request would hang as well.
        config.setHttp2Disable(true);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Threads.factory("unroot-cluster-client"));
        threads.allowCoreThreadTimeOut(true);
        ApiServerClock time = new ApiServerClock();
        KubernetesClient client;
        try {
            client = new KubernetesClientBuilder()
                    .withConfig(config)
                    .withHttpClientFactory(new JdkHttpClientFactory())
                    .withHttpClientBuilderConsumer(
                            http -> telling(http, config).addOrReplaceInterceptor("unroot-time", time))
                    .withTaskExecutor(threads)
                    .build();
        } catch (RuntimeException unusable) {
            threads.shutdown();
            throw new ClusterException(
                    found.source() + " cannot be used: " + ClusterException.reason(unusable, null), unusable);
        }
        return new ClusterConnection(client, time, threads, config.getMasterUrl() + " (" + found.source() + ")");
    }

    /** The client's own trust, which says of a certificate why it is not believed. */
    private static HttpClient.Builder telling(HttpClient.Builder http, Config config) {
        if (config.isTrustCerts()) {
            return http;
        }
        try {
            return http.sslContext(
                    SSLUtils.keyManagers(config), DiagnosingTrustManager.of(SSLUtils.trustManagers(config)));
        } catch (GeneralSecurityException | IOException e) {
            // As the client's own reading of the same files tells it.
            throw KubernetesClientException.launderThrowable(e);
        }
    }

    KubernetesClient client() {
        return client;
    }

    @Override
    public CertificateStore secret(String namespace, String name) {
        return new CertificateSecret(client, namespace, name);
    }

    @Override
    public CaBundleStore caBundles(String webhookConfiguration, ServiceName service) {
        return new WebhookConfiguration(client, webhookConfiguration, service);
    }

    @Override
    public boolean isClockKnown() {
        return time.isKnown();
    }

    @Override
    public @Nullable String clockProblem(Instant own) {
        return time.problem(own);
    }

    /** The API server's address and how it was found, for the log. */
    @Override
    public String toString() {
        return description;
    }

    @Override
    public void close() {
        client.close();
        threads.shutdown();
    }
}
