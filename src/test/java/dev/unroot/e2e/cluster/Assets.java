package dev.unroot.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The programs of a control plane, in the folder that KUBEBUILDER_ASSETS names, as for everybody's envtest. */
record Assets(Path folder) {
    private static final List<String> PROGRAMS =
            List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");
    private static final String INSTALL = "export KUBEBUILDER_ASSETS=\"$(.ci/kube-assets | tail -n 1)\"";

    /** Fails where a program is missing and CI is set; skips the tests elsewhere. Both say how to get them. */
    static Assets find() {
        String named = System.getenv("KUBEBUILDER_ASSETS");
        List<String> missing = new ArrayList<>();
        for (String program : PROGRAMS) {
            if (named == null || !Files.isExecutable(Path.of(named, program))) {
                missing.add(program);
            }
        }
        if (named != null && missing.isEmpty()) {
            return new Assets(Path.of(named));
        }
        String message = (named == null ? "KUBEBUILDER_ASSETS is not set" : "KUBEBUILDER_ASSETS lacks " + missing)
                + ". The tests need " + PROGRAMS + ": " + INSTALL;
        if (System.getenv("CI") != null) {
            Assertions.fail(message);
        }
        return Assumptions.abort(message);
    }

    String program(String name) {
        return folder.resolve(name).toString();
    }
}
