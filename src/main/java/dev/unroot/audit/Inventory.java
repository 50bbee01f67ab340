package dev.unroot.audit;

import dev.unroot.model.ObjectMeta;
import dev.unroot.model.Pod;
import dev.unroot.model.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's pods and what makes pods, grouped by the owner at the top: a Deployment's ReplicaSets and pods are one
 * workload, and so are a CronJob's Jobs. Objects may come in any order, and owners may be missing: a reference is enough to
 * group by. Not for several threads at once.
 */
public final class Inventory {
    /** More than Kubernetes or any operator nests; a loop of owners ends there too. */
    private static final int DEEPEST = 16;

    private final Map<OwnerKey, OwnerKey> controllers = new HashMap<>();
    /** As references name it; an object's own counts before that. */
    private final Map<OwnerKey, String> apiVersions = new HashMap<>();

    private final List<Subject> subjects = new ArrayList<>();
    private final Map<String, Map<String, String>> namespaces = new TreeMap<>();

    /** Takes another object; of what makes no pods only whom it belongs to. */
    public void add(Subject subject) {
        if (isNamespace(subject)) {
            namespaces.put(subject.meta().displayName(), subject.meta().labels());
            return;
        }
        OwnerKey key = OwnerKey.of(subject);
        ObjectMeta.Owner controller = subject.meta().controller();
        if (controller != null) {
            OwnerKey owner = OwnerKey.of(controller, key.namespace());
            apiVersions.putIfAbsent(owner, controller.apiVersion());
            if (!subject.isPod()) {
                controllers.put(key, owner);
            }
        }
        if (subject.pod() != null) {
            subjects.add(subject);
        }
    }

    private static boolean isNamespace(Subject subject) {
        return subject.kind().equals("Namespace") && subject.apiVersion().equals("v1");
    }

    /** The Unroot labels of the namespaces that are among the objects, by name. */
    public Map<String, Map<String, String>> namespaces() {
        return namespaces;
    }

    /** In order of namespace, kind and name. */
    public Collection<Workload> workloads() {
        Map<OwnerKey, Workload> workloads = new TreeMap<>();
        for (Subject subject : subjects) {
            Pod pod = subject.pod();
            if (pod != null) {
                place(subject, pod, workloads);
            }
        }
        return workloads.values();
    }

    /** What calls itself a static pod and no node has made is a pod like any other. */
    private void place(Subject subject, Pod pod, Map<OwnerKey, Workload> workloads) {
        OwnerKey own = OwnerKey.of(subject);
        ObjectMeta.Owner controller = subject.meta().controller();
        OwnerKey top = controller == null ? own : top(OwnerKey.of(controller, own.namespace()));
        Workload workload = workloads.computeIfAbsent(
                top, key -> new Workload(key, apiVersions.getOrDefault(key, subject.apiVersion())));
        if (!subject.isPod()) {
            if (top.equals(own)) {
                workload.template(subject.apiVersion(), pod);
            } else {
                workload.lowerTemplate(pod);
            }
        } else if (subject.meta().mirror()
                && controller != null
                && controller.kind().equals("Node")) {
            workload.mirrorPod();
        } else if (subject.meta().deleting() || isFinished(subject)) {
            workload.finishedPod();
        } else {
            workload.pod(pod);
        }
    }

    private static boolean isFinished(Subject subject) {
        return subject.status() != null && subject.status().isFinished();
    }

    private OwnerKey top(OwnerKey from) {
        OwnerKey top = from;
        for (int i = 0; i < DEEPEST; i++) {
            @Nullable OwnerKey above = controllers.get(top);
            if (above == null) {
                return top;
            }
            top = above;
        }
        return top;
    }
}
