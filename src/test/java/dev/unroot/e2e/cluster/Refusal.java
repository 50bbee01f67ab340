package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.client.KubernetesClientException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * What the API server answers to a request that it refuses.
 *
 * @param code of HTTP
 * @param reason of the Status
 * @param message of the Status
 */
record Refusal(int code, String reason, String message) {

    /** Of a request that must be refused. */
    static Refusal of(ThrowingCallable request) {
        KubernetesClientException refused = catchThrowableOfType(KubernetesClientException.class, request);
        if (refused == null) {
            throw new AssertionError("was not refused");
        }
        if (refused.getStatus() == null) {
            throw new AssertionError("refused without a Status", refused);
        }
        return new Refusal(
                refused.getCode(),
                refused.getStatus().getReason(),
                refused.getStatus().getMessage());
    }

    /** The denial of a pod whose container "app" has the image whose USER is "root". */
    static Refusal runsAsRoot(ImageRegistry images) {
        return denial("pods.enforce.unroot.dev", rootMessage(images));
    }

    /** @param webhook its name in the ValidatingWebhookConfiguration */
    static Refusal denial(String webhook, String message) {
        return new Refusal(403, "Forbidden", "admission webhook \"" + webhook + "\" denied the request: " + message);
    }

    /** What Unroot says about that container. */
    static String rootMessage(ImageRegistry images) {
        return "container \"app\" runs as root: image " + images.root()
                + " has USER \"root\", which is uid 0 in its /etc/passwd. Rebuild it with a numeric USER, or set"
                + " securityContext.runAsUser to a uid it works with.";
    }
}
