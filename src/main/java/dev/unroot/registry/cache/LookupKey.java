package dev.unroot.registry.cache;

import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.registry.CredentialKey;
import dev.unroot.review.ImageQuery;
import java.util.List;

/**
 * What is looked for, by what may be shown for it: queries for which this is equal get one answer.
 *
 * @param credentials those of whoever asks, in the order in which they are tried; what everybody has comes on top
 */
record LookupKey(ImageReference reference, List<Platform> platforms, List<CredentialKey> credentials) {
    static LookupKey of(ImageQuery query, List<CredentialKey> credentials) {
        return new LookupKey(query.reference(), query.platforms(), List.copyOf(credentials));
    }
}
