package dev.unroot.cluster;

import dev.unroot.common.HostAndPort;
import dev.unroot.common.Text;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cluster to talk to: the file that KUBECONFIG names, else the pod's service account, else
 * {@code ~/.kube/config}. The client's own search is not used: where it finds nothing it silently assumes an address.
 *
 * @param environment the process's environment variables
 * @param home the user's home folder
 * @param serviceAccount where the kubelet mounts the pod's token and the cluster's CA
 */
record ClusterConfig(Map<String, String> environment, Path home, Path serviceAccount) {
    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /**
     * What was found.
     *
     * @param source where, in words for the log
     */
    record Found(Config config, String source) {}

    static ClusterConfig here() {
        return new ClusterConfig(System.getenv(), Path.of(System.getProperty("user.home", "/")), SERVICE_ACCOUNT);
    }

    /** @throws ClusterException which names every place looked at, and why it would not do */
    Found find() {
        List<String> missing = new ArrayList<>(3);
        String named = environment.get("KUBECONFIG");
        if (named != null && !named.isBlank()) {
            return named(named);
        }
        missing.add("KUBECONFIG is not set");
        Found inCluster = inCluster(missing);
        if (inCluster != null) {
            return inCluster;
        }
        Path usual = home.resolve(".kube").resolve("config");
        if (Files.isRegularFile(usual)) {
            return kubeconfig(usual);
        }
        missing.add(usual + " does not exist");
        throw new ClusterException(
                "no cluster to be found: " + String.join("; ", missing) + ". With --standalone Unroot needs none.");
    }

    private static Found named(String kubeconfig) {
        if (kubeconfig.contains(File.pathSeparator)) {
            throw new ClusterException("KUBECONFIG names several files (" + Text.plain(kubeconfig)
                    + "): Unroot reads one. Merge them with: kubectl config view --flatten --minify");
        }
        Path file = Path.of(kubeconfig);
        if (!Files.isRegularFile(file)) {
            throw new ClusterException(
                    "KUBECONFIG names " + file + ", which is no file. With --standalone Unroot needs" + " no cluster.");
        }
        return kubeconfig(file);
    }

    private static Found kubeconfig(Path file) {
        Kubeconfig read = Kubeconfig.read(file);
        KubeconfigUser.check(read);
        Config config;
        try {
            config = Config.fromKubeconfig(file.toFile());
        } catch (RuntimeException unreadable) {
            // The client's own exception, or the YAML parser's.
            throw new ClusterException(
                    "kubeconfig " + file + " cannot be read: " + ClusterException.reason(unreadable, null), unreadable);
        }
        KubeconfigCluster.apply(read, config);
        KubeconfigUser.apply(read, config);
        return new Found(config, "kubeconfig " + file);
    }

    private @Nullable Found inCluster(List<String> missing) {
        String host = environment.get("KUBERNETES_SERVICE_HOST");
        String port = environment.get("KUBERNETES_SERVICE_PORT");
        if (host == null || host.isBlank() || port == null || port.isBlank()) {
            missing.add("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set, so this is no pod");
            return null;
        }
        Path authority = serviceAccount.resolve("ca.crt");
        Path token = serviceAccount.resolve("token");
        if (!Files.isReadable(authority) || !Files.isReadable(token)) {
            missing.add("this looks like a pod, but " + serviceAccount
                    + " holds no readable token and ca.crt (is automountServiceAccountToken false?)");
            return null;
        }
        // No proxy, whatever the environment says: it is there for registries, and the API server is next door.
        Config config = Config.empty();
        config.setMasterUrl("https://" + HostAndPort.inBrackets(host) + ":" + port);
        config.setCaCertFile(authority.toString());
        config.setOauthTokenProvider(new TokenFile(token));
        return new Found(config, "the pod's service account");
    }
}
