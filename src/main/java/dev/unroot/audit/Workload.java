package dev.unroot.audit;

import dev.unroot.model.Container;
import dev.unroot.model.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What stands behind some pods: their owner at the top, or a pod that nobody owns. */
public final class Workload {
    private final OwnerKey key;
    private String apiVersion;
    private @Nullable Pod template;
    /** Of those that it made further down, a ReplicaSet's for one: they tell only where nothing else does. */
    private @Nullable Pod lowerTemplate;
    /** Pods that run or will, each with how many there are of it. */
    private final Map<Pod, Integer> pods = new LinkedHashMap<>();

    private int finished;
    private int mirrors;

    Workload(OwnerKey key, String apiVersion) {
        this.key = key;
        this.apiVersion = apiVersion;
    }

    public OwnerKey key() {
        return key;
    }

    public String apiVersion() {
        return apiVersion;
    }

    /** Its pods that run, or will: neither finished nor static. */
    public int replicas() {
        return pods.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Its pods that have ended. */
    public int finished() {
        return finished;
    }

    /** Pods that stand for a kubelet's static ones, which nothing can deny. */
    public int mirrors() {
        return mirrors;
    }

    /** All that has to be judged of it, each once; empty where there is nothing but what has ended or is static. */
    public List<Pod> specs() {
        Pod own = template;
        if (own == null) {
            return pods.isEmpty() && lowerTemplate != null ? List.of(lowerTemplate) : List.copyOf(pods.keySet());
        }
        List<Pod> specs = new ArrayList<>(1);
        specs.add(own);
        pods.keySet().stream().filter(pod -> !isSame(pod, own)).forEach(specs::add);
        return specs;
    }

    /** Whether they are judged alike: in all but where they stand. A pod differs where something has changed it on its way. */
    private static boolean isSame(Pod pod, Pod template) {
        List<Container> made = pod.containers();
        List<Container> written = template.containers();
        boolean same = made.size() == written.size()
                && pod.securityContext().equals(template.securityContext())
                && Objects.equals(pod.os(), template.os())
                && Objects.equals(pod.hostUsers(), template.hostUsers())
                && Objects.equals(pod.runtimeClassName(), template.runtimeClassName())
                && pod.nodes().equals(template.nodes());
        for (int i = 0; same && i < made.size(); i++) {
            same = made.get(i).type() == written.get(i).type()
                    && made.get(i).name().equals(written.get(i).name())
                    && made.get(i).image().equals(written.get(i).image())
                    && made.get(i).written().equals(written.get(i).written());
        }
        return same;
    }

    void template(String seenAs, Pod pod) {
        apiVersion = seenAs;
        template = pod;
    }

    void lowerTemplate(Pod pod) {
        lowerTemplate = pod;
    }

    void pod(Pod pod) {
        pods.merge(pod, 1, Integer::sum);
    }

    void finishedPod() {
        finished++;
    }

    void mirrorPod() {
        mirrors++;
    }
}
