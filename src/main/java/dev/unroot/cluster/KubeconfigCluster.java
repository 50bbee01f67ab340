package dev.unroot.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.unroot.certificate.CaBundle;
import dev.unroot.common.HostAndPort;
import dev.unroot.common.Text;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Locale;

/**
 * {@code clusters[].cluster} of a kubeconfig, where the client's loading is not kubectl's.
 *
 * <p>Source: client-go {@code tools/clientcmd/api/v1/types.go}, {@code Cluster}.
 */
final class KubeconfigCluster {

    private KubeconfigCluster() {}

    /**
     * Without a scheme the client would try TLS, and where that fails show its credential to whoever is there, without it.
     *
     * @throws ClusterException which names the field
     */
    static void checkServer(Kubeconfig kubeconfig) {
        String written = kubeconfig.cluster().getServer();
        String field = kubeconfig.ofCluster("server");
        if (written == null || written.isEmpty()) {
            throw kubeconfig.wrong(field, "is not set: write the API server's address");
        }
        URI server;
        try {
            server = new URI(written);
        } catch (URISyntaxException e) {
            throw kubeconfig.wrong(field, "is no address: write https://HOST:PORT");
        }
        if (!"https".equalsIgnoreCase(server.getScheme()) && !"http".equalsIgnoreCase(server.getScheme())) {
            throw kubeconfig.wrong(field, "does not begin with https://: write https://HOST:PORT");
        }
        if (server.getHost() == null || server.getPort() == 0 || server.getPort() > HostAndPort.HIGHEST_PORT) {
            throw kubeconfig.wrong(field, "has no host, or a port that is none: write https://HOST:PORT");
        }
    }

    /** @throws ClusterException which names the field */
    static void apply(Kubeconfig kubeconfig, Config config) {
        Cluster cluster = kubeconfig.cluster();
        String data = cluster.getCertificateAuthorityData();
        String file = cluster.getCertificateAuthority();
        boolean hasData = data != null && !data.isEmpty();
        boolean hasFile = file != null && !file.isEmpty();
        if (Boolean.TRUE.equals(cluster.getInsecureSkipTlsVerify()) && (hasData || hasFile)) {
            throw kubeconfig.wrong(
                    kubeconfig.ofCluster("insecure-skip-tls-verify"),
                    "is true beside a certificate-authority: remove one");
        }
        if (hasData) {
            check(kubeconfig, kubeconfig.ofCluster("certificate-authority-data"), decoded(kubeconfig, data));
        } else if (hasFile) {
            String field = kubeconfig.ofCluster("certificate-authority");
            try {
                check(kubeconfig, field, Files.readAllBytes(kubeconfig.resolve(file)));
            } catch (IOException unreadable) {
                throw kubeconfig.wrong(field, "names " + Text.plain(file) + ", which cannot be read");
            }
        }
        String name = cluster.getTlsServerName();
        if (name != null && !name.isEmpty()) {
            throw kubeconfig.wrong(
                    kubeconfig.ofCluster("tls-server-name"),
                    "is not known to Unroot's client: remove it, and write an address that the certificate is for as server");
        }
        proxy(kubeconfig, config);
    }

    private static byte[] decoded(Kubeconfig kubeconfig, String data) {
        try {
            return Base64.getMimeDecoder().decode(data.getBytes(UTF_8));
        } catch (IllegalArgumentException e) {
            throw kubeconfig.wrong(kubeconfig.ofCluster("certificate-authority-data"), "is not base64");
        }
    }

    private static void check(Kubeconfig kubeconfig, String field, byte[] pem) {
        try {
            CaBundle.parse(pem);
        } catch (IllegalArgumentException e) {
            throw kubeconfig.wrong(field, e.getMessage() + ": it needs PEM blocks BEGIN CERTIFICATE");
        }
    }

    /** The client takes one for an address of the same scheme alone. */
    private static void proxy(Kubeconfig kubeconfig, Config config) {
        String proxy = kubeconfig.cluster().getProxyUrl();
        if (proxy == null || proxy.isEmpty()) {
            return;
        }
        if (!proxy.toLowerCase(Locale.ROOT).startsWith("http://")) {
            throw kubeconfig.wrong(
                    kubeconfig.ofCluster("proxy-url"),
                    "is no http:// address, and Unroot knows no other kind of proxy");
        }
        config.setHttpProxy(proxy);
        config.setHttpsProxy(proxy);
        config.setNoProxy(new String[0]);
    }
}
