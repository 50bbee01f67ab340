package dev.unroot.cases;

import dev.unroot.common.Deadline;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.UnknownCause;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageUsers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Answers from a case's images, and counts an image that is asked for without being listed as a failure. */
final class CaseImages implements ImageUsers {
    private static final String SOME_DIGEST = "sha256:" + "c".repeat(64);

    private final Map<String, CaseImage> images = new HashMap<>();
    private final Set<String> unused;

    CaseImages(Map<String, CaseImage> listed) {
        listed.forEach((reference, image) -> images.put(normalised(reference), image));
        this.unused = new HashSet<>(images.keySet());
    }

    private static String normalised(String reference) {
        return ImageReference.parse(reference).toString();
    }

    /** Those that are listed and were not asked for. */
    Set<String> unused() {
        return unused;
    }

    @Override
    public CompletionStage<ImageFacts> find(ImageQuery query, Deadline deadline) {
        String reference = query.reference().toString();
        CaseImage image = images.get(reference);
        if (image == null) {
            throw new AssertionError("asked for " + reference + ", which the case does not list");
        }
        unused.remove(reference);
        return CompletableFuture.completedFuture(facts(image, query));
    }

    private static ImageFacts facts(CaseImage image, ImageQuery query) {
        if (image.unknown() != null) {
            return new ImageFacts.Unknown(image.unknown(), String.valueOf(image.reason()));
        }
        List<PlatformUser> users = new ArrayList<>();
        List<Platform> missing = new ArrayList<>();
        for (Platform platform : query.platforms()) {
            CaseImage offered = offered(image, platform);
            if (offered == null) {
                missing.add(platform);
            } else {
                users.add(new PlatformUser(platform, offered.userOn(platform)));
            }
        }
        String digest = query.reference().digest();
        return users.isEmpty()
                ? new ImageFacts.Unknown(
                        UnknownCause.PLATFORM_MISSING,
                        query.reference() + " is not built for "
                                + missing.stream().map(Platform::toString).collect(Collectors.joining(" or ")))
                : new ImageFacts.Known(
                        digest == null ? SOME_DIGEST : digest,
                        digest == null ? Confidence.TAG : Confidence.DIGEST,
                        users,
                        missing);
    }

    private static @org.jspecify.annotations.Nullable CaseImage offered(CaseImage image, Platform platform) {
        if (!image.platforms().isEmpty()) {
            return image.platforms().get(platform.toString());
        }
        return image.os().equals(platform.os()) ? image : null;
    }
}
