package dev.unroot.manifest;

import dev.unroot.model.Pod;
import dev.unroot.model.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what is found, up to a bound: it is all held until it is judged. Pods that are alike in all that is judged are held
 * once, as a workload's are but for their names; one takes some 500 bytes then, and some 2 KB otherwise.
 */
final class ManifestResults {
    /** More than the 150,000 pods that a cluster may have. Source: Kubernetes, "Considerations for large clusters". */
    static final int MOST = 200_000;

    private final int most;
    private final List<ManifestResult> results = new ArrayList<>();
    private final Map<Pod, Pod> pods = new HashMap<>();
    private boolean full;

    ManifestResults(int most) {
        this.most = most;
    }

    void add(ManifestResult result) {
        if (results.size() < most) {
            results.add(sharing(result));
        } else if (!full) {
            full = true;
            results.add(new ManifestResult.Unreadable(
                    result.location(),
                    "more than " + most + " objects, and none from here on was judged: give them in several runs"));
        }
    }

    ManifestResult sharing(ManifestResult result) {
        if (!(result instanceof ManifestResult.Found found) || found.subject().pod() == null) {
            return result;
        }
        Subject subject = found.subject();
        Pod pod = pods.computeIfAbsent(found.subject().pod(), first -> first);
        return new ManifestResult.Found(found.location(), subject.sharing(pod));
    }

    /** Whether there were more, which has then been told. */
    boolean isFull() {
        return full;
    }

    int size() {
        return results.size();
    }

    List<ManifestResult> all() {
        return results;
    }
}
