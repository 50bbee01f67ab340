package dev.unroot.registry.cache;

import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.ImageUser;
import dev.unroot.model.PlatformUser;

/**
 * What remembering something weighs: one, and one more for each KiB that it takes. So {@code maxImages} is a number of
 * ordinary images, and nobody fills the memory with few of them.
 */
final class Weights {
    /** In bytes. */
    static final int UNIT = 1024;

    private static final int BYTES_PER_OBJECT = 100;
    private static final int BYTES_PER_CHARACTER = 2;

    private Weights() {}

    static int of(ImageKey key, ImageFacts.Known known) {
        long bytes = BYTES_PER_OBJECT
                * (2L + key.platforms().size() + known.missing().size());
        if (key.reader() != null) {
            bytes += (long) BYTES_PER_CHARACTER * key.reader().repository().length();
        }
        for (PlatformUser user : known.users()) {
            bytes += 2L * BYTES_PER_OBJECT + text(user.user());
        }
        return weight(bytes);
    }

    private static long text(ImageUser user) {
        return (long) BYTES_PER_CHARACTER * (user.raw().length() + user.reason().length());
    }

    static int of(ImageReference reference) {
        return weight(2L * BYTES_PER_OBJECT
                + (long) BYTES_PER_CHARACTER * reference.toString().length());
    }

    static int of(LookupKey key, ImageFacts.Unknown failure) {
        long objects = 2L + key.platforms().size() + key.credentials().size();
        int characters = key.reference().toString().length() + failure.reason().length();
        return weight(objects * BYTES_PER_OBJECT + (long) BYTES_PER_CHARACTER * characters);
    }

    private static int weight(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, 1 + bytes / UNIT);
    }
}
