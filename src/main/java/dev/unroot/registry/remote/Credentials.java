package dev.unroot.registry.remote;

import dev.unroot.model.ImageReference;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.util.List;

/** Port: the credentials that a pull may try, as the kubelet would. */
@FunctionalInterface
public interface Credentials {
    Credentials NONE = (reference, identity) -> List.of(Credential.ANONYMOUS);

    /**
     * Called from a worker thread.
     *
     * @return to be tried in this order, never empty. Anonymous only where none matches: the kubelet then asks as nobody
     */
    List<Credential> find(ImageReference reference, PullIdentity identity);
}
