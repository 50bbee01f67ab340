package dev.unroot.audit;

import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageUser;
import dev.unroot.model.ImageVerdict;
import dev.unroot.model.PlatformUser;
import org.jspecify.annotations.Nullable;

/**
 * An image that workloads' verdicts depend on.
 *
 * @param image as it is written
 * @param digest null where the image could not be read
 * @param user the most dangerous of its platforms'; null where that is not known
 * @param workloads that are not ready at the level that was asked for, because of this image
 */
public record ImageAudit(
        String image, @Nullable String digest, @Nullable ImageUser user, ImageVerdict verdict, int workloads) {

    static ImageAudit of(String image, ImageFacts facts, int workloads) {
        if (!(facts instanceof ImageFacts.Known known)) {
            return new ImageAudit(image, null, null, ImageVerdict.UNVERIFIED, workloads);
        }
        ImageUser worst = known.users().get(0).user();
        for (PlatformUser other : known.users()) {
            if (danger(other.user().verdict()) > danger(worst.verdict())) {
                worst = other.user();
            }
        }
        return new ImageAudit(image, known.digest(), worst, worst.verdict(), workloads);
    }

    private static int danger(ImageVerdict verdict) {
        return switch (verdict) {
            case NON_ROOT -> 0;
            case WILL_NOT_START -> 1;
            case UNVERIFIED -> 2;
            case ROOT -> 3;
        };
    }
}
