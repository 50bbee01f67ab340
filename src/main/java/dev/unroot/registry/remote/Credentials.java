package dev.unroot.registry.remote;

import dev.unroot.model.ImageReference;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.util.List;

/** Port: the credentials that a pull may try, as the kubelet would. */
public interface Credentials {
    /** There are none: everyone asks as nobody. */
    Credentials NONE = new Credentials() {
        @Override
        public List<Credential> find(ImageReference reference, PullIdentity identity) {
            return List.of(Credential.ANONYMOUS);
        }

        @Override
        public PullIdentity relevant(ImageReference reference, PullIdentity identity) {
            return PullIdentity.NONE;
        }
    };

    /**
     * Called from a worker thread; may block.
     *
     * @return to be tried in this order, never empty. Anonymous only where none matches: the kubelet then asks as nobody
     */
    List<Credential> find(ImageReference reference, PullIdentity identity);

    /** The identity as far as {@link #find} heeds it; must not block. */
    default PullIdentity relevant(ImageReference reference, PullIdentity identity) {
        return identity;
    }
}
