package dev.unroot.registry.remote;

import dev.unroot.model.ImageReference;
import dev.unroot.registry.Pull;
import dev.unroot.review.Deadline;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One image at one endpoint that may have it.
 *
 * @param pull of the image as its reference names it; its deadline is this endpoint's share of the time
 */
record Place(Pull pull, Endpoint endpoint) {

    static Place of(Pull whole, Endpoint endpoint, Deadline share) {
        return new Place(new Pull(whole.image(), whole.identity(), share, whole.admission()), endpoint);
    }

    /** The same with less time. */
    Place within(Duration time) {
        return Place.of(pull, endpoint, pull.deadline().within(time));
    }

    Origin origin() {
        return endpoint.origin();
    }

    /** The repository's name there. */
    String repository() {
        return endpoint.prefix() + pull.image().repository();
    }

    /**
     * Path and query of what is asked for. A mirror is told whose image it is, as containerd tells it: one may serve
     * several registries.
     *
     * @param path after {@code /v2/REPOSITORY/}
     */
    String target(String path) {
        String target = "/v2/" + repository() + "/" + path;
        return endpoint.isMirror()
                ? target + "?ns=" + URLEncoder.encode(pull.image().registry(), StandardCharsets.UTF_8)
                : target;
    }

    /** What credentials are matched by there: a mirror is never shown those of the registry that it mirrors. */
    ImageReference reference() {
        ImageReference image = pull.image();
        return endpoint.isMirror()
                ? new ImageReference(endpoint.host(), repository(), image.tag(), image.digest())
                : image;
    }

    /** Nobody's at a mirror: a pod's Secrets are for the registry that its image names, and so the kubelet takes them. */
    PullIdentity identity() {
        return endpoint.isMirror() ? PullIdentity.NONE : pull.identity();
    }

    Errand errand() {
        return Errand.of(this);
    }
}
