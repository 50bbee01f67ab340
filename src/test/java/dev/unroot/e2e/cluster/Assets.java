package dev.unroot.e2e.cluster;

import dev.unroot.chart.Chart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The programs of a control plane, in the folder that KUBEBUILDER_ASSETS names, as for everybody's envtest; in the run
 * against the oldest Kubernetes, in that of a variable of our own.
 */
record Assets(Path folder) {
    /** Of classes that are run against the oldest Kubernetes that the chart is for, too: see the profile e2e. */
    static final String OLDEST_KUBERNETES = "oldest-kubernetes";

    /** Whether this is that run. */
    static final boolean OF_OLDEST = Boolean.getBoolean(OLDEST_KUBERNETES);

    private static final String VARIABLE = OF_OLDEST ? "UNROOT_OLD_KUBEBUILDER_ASSETS" : "KUBEBUILDER_ASSETS";
    private static final List<String> PROGRAMS =
            List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");
    private static final String INSTALL =
            "export " + VARIABLE + "=\"$(.ci/kube-assets" + (OF_OLDEST ? " " + oldestMinor() : "") + " | tail -n 1)\"";

    /** Fails where a program is missing and CI is set; skips the tests elsewhere. Both say how to get them. */
    static Assets find() {
        String named = System.getenv(VARIABLE);
        List<String> missing = new ArrayList<>();
        for (String program : PROGRAMS) {
            if (named == null || !Files.isExecutable(Path.of(named, program))) {
                missing.add(program);
            }
        }
        if (named != null && missing.isEmpty()) {
            return new Assets(Path.of(named));
        }
        String message = (named == null ? VARIABLE + " is not set" : VARIABLE + " lacks " + missing)
                + ". The tests need " + PROGRAMS + ": " + INSTALL;
        if (System.getenv("CI") != null) {
            Assertions.fail(message);
        }
        return Assumptions.abort(message);
    }

    /** Of the oldest Kubernetes, as 1.28. */
    static String oldestMinor() {
        return Chart.OLDEST_KUBERNETES.substring(0, Chart.OLDEST_KUBERNETES.lastIndexOf('.'));
    }

    String program(String name) {
        return folder.resolve(name).toString();
    }
}
