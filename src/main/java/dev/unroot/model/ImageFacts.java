package dev.unroot.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of an image's users. That nothing is known is a fact like any other, not an exception. */
public sealed interface ImageFacts {
    /**
     * The image was read.
     *
     * @param digest of what the reference names: an index or a manifest
     * @param users of each platform asked for that the image offers; never empty
     * @param missing the platforms asked for that it does not offer
     * @param heard when the registry last told what the reference names; null unless the confidence is
     *     {@link Confidence#STALE}
     */
    record Known(
            String digest,
            Confidence confidence,
            List<PlatformUser> users,
            List<Platform> missing,
            @Nullable Instant heard)
            implements ImageFacts {
        public Known {
            if (users.isEmpty()) {
                throw new IllegalArgumentException("an image that offers none of the platforms is Unknown");
            }
            users = List.copyOf(users);
            missing = List.copyOf(missing);
        }

        /** One that is not stale. */
        public Known(String digest, Confidence confidence, List<PlatformUser> users, List<Platform> missing) {
            this(digest, confidence, users, missing, null);
        }

        /** The same with another confidence, though not stale. */
        public Known as(Confidence other) {
            return confidence == other ? this : new Known(digest, other, users, missing);
        }

        /** The same as the last that was heard. */
        public Known staleSince(Instant told) {
            return new Known(digest, Confidence.STALE, users, missing, told);
        }
    }

    /**
     * It was not.
     *
     * @param reason a clause that follows {@code could not be verified: } and names registry and image; never holds a
     *     credential
     * @param fix what to do about it, as {@link UnknownCause#fix}
     */
    record Unknown(UnknownCause cause, String reason, String fix) implements ImageFacts {
        /** To be mended as its cause mostly is. */
        public Unknown(UnknownCause cause, String reason) {
            this(cause, reason, cause.fix());
        }
    }
}
