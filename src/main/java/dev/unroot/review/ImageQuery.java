package dev.unroot.review;

import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of an image.
 *
 * @param platforms those the pod can land on; never empty
 * @param identity who will pull it; two pods with unequal identities never share a private image's answer
 */
public record ImageQuery(ImageReference reference, List<Platform> platforms, PullIdentity identity) {

    /**
     * The pod's part in the credentials for a pull.
     *
     * @param namespace where its Secrets and ServiceAccount are; null in a file that names none
     * @param imagePullSecrets names of Secrets, in order
     */
    public record PullIdentity(
            @Nullable String namespace,
            List<String> imagePullSecrets,
            @Nullable String serviceAccountName) {
        public static final PullIdentity NONE = new PullIdentity(null, List.of(), null);
    }
}
