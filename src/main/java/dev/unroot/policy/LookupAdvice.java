package dev.unroot.policy;

import dev.unroot.model.Container;
import dev.unroot.model.Pod;

/** How a container's verdict is made not to depend on its image. */
final class LookupAdvice {
    private static final String WINDOWS_USER = "securityContext.windowsOptions.runAsUserName: ContainerUser";

    private LookupAdvice() {}

    /** The second half of a fix's sentence: on Windows {@code runAsNonRoot} alone has no kubelet behind it. */
    static String spared(Judgement judgement, Container container) {
        Pod pod = judgement.pod();
        String fields;
        if (pod.runsOnWindows()) {
            fields = WINDOWS_USER;
        } else if (!pod.mayRunOnWindows(judgement.options().platforms())) {
            fields = "runAsNonRoot: true";
        } else {
            String linux = pod.path().child("os").child("name") + ": linux";
            fields = container.effective().kubeletRefusesRoot() ? linux : "runAsNonRoot: true and " + linux;
        }
        return ", or set " + fields + " and no lookup is needed";
    }
}
