package dev.unroot.registry.users;

import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.ImageSource;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.ImageDocument;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.platforms.ImageDocuments;
import dev.unroot.registry.platforms.InTurn;
import dev.unroot.registry.platforms.OfferedPlatforms;
import dev.unroot.registry.platforms.PlatformChoice;
import dev.unroot.registry.platforms.PlatformImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** One reading of one image; remembers within it what it has read, so that nothing is asked for twice. */
public final class ImageReading {
    private final Pull pull;
    private final ImageDocuments documents;
    private final Detail detail;
    private final PlatformChoice choice;
    private final OfferedPlatforms offered;
    private final PasswdReader passwdReader;
    private final Map<ImageDocument.Manifest, CompletionStage<ImageUser>> users = new HashMap<>();

    public ImageReading(ImageSource source, Limits limits, Pull pull, Detail detail) {
        this.pull = pull;
        this.documents = new ImageDocuments(source, limits, pull);
        this.detail = detail;
        this.choice = new PlatformChoice(documents, limits);
        this.offered = new OfferedPlatforms(documents, limits);
        this.passwdReader = new PasswdReader(source, limits, pull);
    }

    /** @param asked empty: all that the image offers */
    CompletionStage<ImageFacts> read(String tagOrDigest, List<Platform> asked) {
        return documents.fetch(tagOrDigest).thenCompose(document -> {
            ImageDocument top = documents.parse(document);
            return platforms(top, asked)
                    .thenCompose(platforms -> images(top, platforms)
                            .thenCompose(found -> InTurn.each(found, this::user))
                            .thenApply(users -> facts(document.digest(), platforms, users)));
        });
    }

    private CompletionStage<List<Platform>> platforms(ImageDocument top, List<Platform> asked) {
        return asked.isEmpty() ? offered.of(top) : CompletableFuture.completedFuture(asked);
    }

    private CompletionStage<List<PlatformImage>> images(ImageDocument top, List<Platform> platforms) {
        return top instanceof ImageDocument.Manifest manifest
                ? single(manifest, platforms)
                : InTurn.each(platforms, platform -> choice.of((ImageDocument.Index) top, platform));
    }

    /**
     * An image without an index. Nodes do not compare it with their platform: they run it, or try to. So it is judged
     * wherever it claims to belong, and also where another operating system's reading of its USER could be another.
     */
    private CompletionStage<List<PlatformImage>> single(ImageDocument.Manifest manifest, List<Platform> platforms) {
        return documents.config(manifest).thenApply(config -> {
            List<PlatformImage> images = new ArrayList<>();
            for (Platform platform : platforms) {
                images.add(new PlatformImage(platform, manifest, config, List.of()));
            }
            List<PlatformImage> offered =
                    images.stream().filter(PlatformImage::claimsPlatform).toList();
            return offered.isEmpty()
                    ? offered
                    : images.stream()
                            .filter(image -> image.claimsPlatform()
                                    || offered.stream().noneMatch(other -> other.isWindows() == image.isWindows()))
                            .toList();
        });
    }

    private CompletionStage<List<PlatformUser>> user(PlatformImage image) {
        UserField field = new UserField(image.config().user());
        if (image.isWindows()) {
            return one(image, field.onWindows());
        }
        if (!field.isName() && detail == Detail.USER) {
            return one(image, field.onLinux(null));
        }
        CompletionStage<ImageUser> user = users.computeIfAbsent(image.manifest(), manifest -> {
            CompletionStage<ImageUser> found = found(manifest, image.config().diffIds(), field);
            // The gid is a detail: what stops it from being read does not make the user unknown.
            return field.isName() ? found : found.exceptionally(failure -> field.onLinux(unreadable(failure)));
        });
        return user.thenCompose(known -> one(image, known));
    }

    /**
     * CRI-O and podman run an image whose configuration lists no layers, containerd does not. There nothing checks what a layer
     * unpacks to, and two ways of unpacking it may come to two things.
     */
    private CompletionStage<ImageUser> found(ImageDocument.Manifest manifest, List<Digest> diffIds, UserField field) {
        return diffIds.isEmpty() && !manifest.layers().isEmpty()
                ? CompletableFuture.completedFuture(
                        field.onLinux(Accounts.unclear("but its configuration does not list its layers")))
                : passwdReader.find(manifest.layers(), diffIds, passwd -> field.onLinux(Accounts.of(passwd)));
    }

    private static Accounts unreadable(Throwable failure) {
        if (LookupException.in(failure) == null) {
            throw new CompletionException(failure);
        }
        return Accounts.unclear("but its layers could not be read");
    }

    private ImageFacts facts(String digest, List<Platform> platforms, List<PlatformUser> users) {
        List<Platform> missing = platforms.stream()
                .filter(platform ->
                        users.stream().noneMatch(user -> user.platform().equals(platform)))
                .toList();
        if (users.isEmpty()) {
            return new ImageFacts.Unknown(
                    UnknownCause.PLATFORM_MISSING,
                    pull.image() + " is not built for " + Platform.list(missing, " or "));
        }
        Confidence confidence = pull.image().digest() == null ? Confidence.TAG : Confidence.DIGEST;
        return new ImageFacts.Known(digest, confidence, UsersByRuntime.merged(users), missing);
    }

    private static CompletionStage<List<PlatformUser>> one(PlatformImage image, ImageUser user) {
        return CompletableFuture.completedFuture(List.of(new PlatformUser(image.platform(), user, image.runtimes())));
    }
}
