package dev.unroot.cluster;

import dev.unroot.model.Platform;
import dev.unroot.model.UserNamespaceNodes.Group;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeRuntimeHandler;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeSystemInfo;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a node.
 *
 * <p>That a runtime can map users is worth something from kubelet 1.33 on: there the feature is on unless somebody switches it
 * off, and a kubelet refuses a pod that its runtime cannot map. Older ones report the same of their runtime, whether they use
 * it or not. Source: Kubernetes {@code kube_features.go} ({@code UserNamespacesSupport}), {@code userns_manager.go},
 * {@code nodestatus/setters.go} ({@code RuntimeHandlers}).
 *
 * @param platform null where it says none
 */
record NodeFacts(String name, @Nullable Platform platform, String kubelet, boolean byDefault, boolean byAny) {
    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})([.+-].*)?");
    private static final int MAJOR = 1;
    private static final int MINOR = 33;
    private static final int LONGEST_VERSION = 40;

    /** The labels are what the scheduler matches; the kubelet has told the same in its status before they were there. */
    static NodeFacts of(Node node) {
        Map<String, String> labels = node.getMetadata().getLabels();
        NodeStatus status = node.getStatus();
        NodeSystemInfo info = status == null ? null : status.getNodeInfo();
        String os = label(labels, "kubernetes.io/os", info == null ? null : info.getOperatingSystem());
        String architecture = label(labels, "kubernetes.io/arch", info == null ? null : info.getArchitecture());
        Platform platform = null;
        try {
            platform = Platform.parse(os + "/" + architecture);
        } catch (IllegalArgumentException none) {
            // One that has not told yet.
        }
        String kubelet = info == null || info.getKubeletVersion() == null ? "" : info.getKubeletVersion();
        List<NodeRuntimeHandler> handlers =
                status == null || !usesThem(kubelet) ? List.of() : status.getRuntimeHandlers();
        return new NodeFacts(
                node.getMetadata().getName(),
                platform,
                kubelet.length() > LONGEST_VERSION ? kubelet.substring(0, LONGEST_VERSION) : kubelet,
                handlers.stream().anyMatch(handler -> isDefault(handler) && mapsUsers(handler)),
                !handlers.isEmpty() && handlers.stream().allMatch(NodeFacts::mapsUsers));
    }

    private static String label(@Nullable Map<String, String> labels, String name, @Nullable String otherwise) {
        String value = labels == null ? null : labels.get(name);
        if (value != null && !value.isEmpty()) {
            return value;
        }
        return otherwise == null ? "" : otherwise;
    }

    private static boolean usesThem(String kubelet) {
        Matcher version = VERSION.matcher(kubelet);
        if (!version.matches()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major > MAJOR || (major == MAJOR && Integer.parseInt(version.group(2)) >= MINOR);
    }

    private static boolean isDefault(NodeRuntimeHandler handler) {
        return handler.getName() == null || handler.getName().isEmpty();
    }

    private static boolean mapsUsers(NodeRuntimeHandler handler) {
        return handler.getFeatures() != null
                && Boolean.TRUE.equals(handler.getFeatures().getUserNamespaces());
    }

    /** As one group; of a node without a platform of any Linux node's. */
    Group group(Platform known, int count) {
        String version = kubelet.isEmpty() ? "of unknown version" : kubelet;
        return new Group(known, byDefault, byAny, "\"" + name + "\" (kubelet " + version + ")", count);
    }
}
