package dev.unroot.model;

import java.util.List;

/** What is known of an image's users. That nothing is known is a fact like any other, not an exception. */
public sealed interface ImageFacts {
    /**
     * The image was read.
     *
     * @param digest of what the reference names: an index or a manifest
     * @param users of each platform asked for that the image offers; never empty
     * @param missing the platforms asked for that it does not offer
     */
    record Known(String digest, Confidence confidence, List<PlatformUser> users, List<Platform> missing)
            implements ImageFacts {
        public Known {
            if (users.isEmpty()) {
                throw new IllegalArgumentException("an image that offers none of the platforms is Unknown");
            }
            users = List.copyOf(users);
            missing = List.copyOf(missing);
        }

        public Known as(Confidence other) {
            return new Known(digest, other, users, missing);
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
