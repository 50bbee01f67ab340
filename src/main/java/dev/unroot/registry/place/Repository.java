package dev.unroot.registry.place;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.Pull;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One image at one endpoint that may have it.
 *
 * @param pull of the image as its reference names it; its deadline is this endpoint's share of the time
 */
public record Repository(Pull pull, Endpoint endpoint) {

    static Repository of(Pull whole, Endpoint endpoint, Deadline share) {
        return new Repository(new Pull(whole.image(), whole.identity(), share, whole.granted()), endpoint);
    }

    /** The same with less time. */
    public Repository within(Duration time) {
        return Repository.of(pull, endpoint, pull.deadline().within(time));
    }

    public Origin origin() {
        return endpoint.origin();
    }

    /** The repository's name there. */
    public String name() {
        return endpoint.prefix() + pull.image().repository();
    }

    /**
     * Path and query of what is asked for. A mirror is told whose image it is, as containerd tells it: one may serve
     * several registries.
     *
     * @param path after {@code /v2/REPOSITORY/}
     */
    public String target(String path) {
        String target = "/v2/" + name() + "/" + path;
        return endpoint.isMirror()
                ? target + "?ns=" + URLEncoder.encode(pull.image().registry(), StandardCharsets.UTF_8)
                : target;
    }

    /** What credentials are matched by there: a mirror is never shown those of the registry that it mirrors. */
    public ImageReference reference() {
        ImageReference image = pull.image();
        return endpoint.isMirror() ? new ImageReference(endpoint.host(), name(), image.tag(), image.digest()) : image;
    }

    /** Nobody's at a mirror: a pod's Secrets are for the registry that its image names, and so the kubelet takes them. */
    public PullIdentity identity() {
        return endpoint.isMirror() ? PullIdentity.NONE : pull.identity();
    }

    public RequestContext context() {
        return RequestContext.of(this);
    }
}
