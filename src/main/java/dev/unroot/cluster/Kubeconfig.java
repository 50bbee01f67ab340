package dev.unroot.cluster;

import dev.unroot.common.Text;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a kubeconfig that its current context names. Where one is missing the client would go on with an address of
 * its own, or as nobody; kubectl refuses.
 *
 * <p>Source: client-go {@code tools/clientcmd/client_config.go}, {@code validation.go}.
 *
 * @param file where it was read
 * @param user empty where the context names none
 */
record Kubeconfig(Path file, String clusterName, Cluster cluster, String userName, AuthInfo user) {

    /** @throws ClusterException with a sentence that names the file and what is missing in it */
    static Kubeconfig read(Path file) {
        Config all;
        try (InputStream text = Files.newInputStream(file)) {
            all = Serialization.unmarshal(text, Config.class);
        } catch (IOException | RuntimeException unreadable) {
            throw new ClusterException(
                    "kubeconfig " + file + " cannot be read: " + ClusterException.reason(unreadable, null), unreadable);
        } catch (StackOverflowError bottomless) {
            throw new ClusterException("kubeconfig " + file
                    + " cannot be read: something in it contains itself by an anchor, or is nested without end");
        }
        String current = all == null ? null : all.getCurrentContext();
        if (current == null || current.isEmpty()) {
            throw new ClusterException(
                    "kubeconfig " + file + " has no current-context. Choose one with: kubectl config use-context NAME");
        }
        Context context = Objects.requireNonNullElse(
                part(file, "contexts", current, all.getContexts(), NamedContext::getName, NamedContext::getContext)
                        .getContext(),
                new Context());
        String clusterName = orEmpty(context.getCluster());
        NamedCluster cluster =
                part(file, "clusters", clusterName, all.getClusters(), NamedCluster::getName, NamedCluster::getCluster);
        String userName = orEmpty(context.getUser());
        AuthInfo user = userName.isEmpty()
                ? new AuthInfo()
                : part(file, "users", userName, all.getUsers(), NamedAuthInfo::getName, NamedAuthInfo::getUser)
                        .getUser();
        Kubeconfig read = new Kubeconfig(file, clusterName, cluster.getCluster(), userName, user);
        KubeconfigCluster.checkServer(read);
        return read;
    }

    private static <T> T part(
            Path file,
            String list,
            String name,
            @Nullable List<T> all,
            Function<T, @Nullable String> named,
            Function<T, @Nullable Object> content) {
        for (T one : all == null ? List.<T>of() : all) {
            if (one == null) {
                throw new ClusterException("kubeconfig " + file + " has an empty entry under " + list + ": remove it");
            }
            if (name.equals(named.apply(one)) && content.apply(one) != null) {
                return one;
            }
        }
        throw new ClusterException("kubeconfig " + file + " has nothing named " + Text.quote(name) + " under " + list
                + ", which its current context asks for. See: kubectl config view");
    }

    /** A field's place, for messages. */
    String ofUser(String field) {
        return "users[" + Text.plain(userName) + "]." + field;
    }

    String ofCluster(String field) {
        return "clusters[" + Text.plain(clusterName) + "]." + field;
    }

    /** @param what is wrong with the field, and what to do */
    ClusterException wrong(String field, String what) {
        return new ClusterException("kubeconfig " + file + ": " + field + " " + what);
    }

    /** As kubectl does, from the file's own folder. */
    Path resolve(String written) {
        return file.toAbsolutePath().resolveSibling(written).normalize();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
