package dev.unroot.registry;

import dev.unroot.model.Confidence;
import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.layer.TooLargeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** One reading of one image; remembers within it what it has read, so that nothing is asked for twice. */
final class ImageReading {
    private final ImageSource source;
    private final Limits limits;
    private final Pull pull;
    private final Detail detail;
    private final PlatformChoice choice;
    private final PasswdReader passwdReader;
    private final Map<Digest, CompletionStage<ImageDocument>> documents = new HashMap<>();
    private final Map<Digest, CompletionStage<ImageConfig>> configs = new HashMap<>();
    private final Map<ImageDocument.Manifest, CompletionStage<ImageUser>> users = new HashMap<>();

    ImageReading(ImageSource source, Limits limits, Pull pull, Detail detail) {
        this.source = source;
        this.limits = limits;
        this.pull = pull;
        this.detail = detail;
        this.choice = new PlatformChoice(this, limits);
        this.passwdReader = new PasswdReader(source, limits, pull);
    }

    /** @param asked empty: all that the image offers */
    CompletionStage<ImageFacts> read(String tagOrDigest, List<Platform> asked) {
        return source.manifest(pull, tagOrDigest).thenCompose(document -> {
            ImageDocument top = parse(document);
            return platforms(top, asked)
                    .thenCompose(platforms -> images(top, platforms)
                            .thenCompose(found -> each(found, this::user))
                            .thenApply(users -> facts(document.digest(), platforms, users)));
        });
    }

    private CompletionStage<List<Platform>> platforms(ImageDocument top, List<Platform> asked) {
        return asked.isEmpty() ? new OfferedPlatforms(this, limits).of(top) : CompletableFuture.completedFuture(asked);
    }

    private CompletionStage<List<Image>> images(ImageDocument top, List<Platform> platforms) {
        return top instanceof ImageDocument.Manifest manifest
                ? single(manifest, platforms)
                : each(platforms, platform -> choice.of((ImageDocument.Index) top, platform));
    }

    /**
     * An image without an index. Nodes do not compare it with their platform: they run it, or try to. So it is judged
     * wherever it claims to belong, and also where another operating system's reading of its USER could be another.
     */
    private CompletionStage<List<Image>> single(ImageDocument.Manifest manifest, List<Platform> platforms) {
        return config(manifest).thenApply(config -> {
            List<Image> images = new ArrayList<>();
            for (Platform platform : platforms) {
                images.add(new Image(platform, manifest, config, List.of()));
            }
            List<Image> offered = images.stream().filter(Image::claimsPlatform).toList();
            return offered.isEmpty()
                    ? offered
                    : images.stream()
                            .filter(image -> image.claimsPlatform()
                                    || offered.stream().noneMatch(other -> other.isWindows() == image.isWindows()))
                            .toList();
        });
    }

    CompletionStage<ImageDocument> document(Digest digest) {
        return documents.computeIfAbsent(
                digest, wanted -> source.manifest(pull, wanted.toString()).thenApply(this::parse));
    }

    ImageReference image() {
        return pull.image();
    }

    CompletionStage<ImageConfig> config(ImageDocument.Manifest manifest) {
        return configs.computeIfAbsent(manifest.config().digest(), digest -> {
            Descriptor config = manifest.config();
            if (config.size() > limits.configBytes()) {
                throw new LookupException(
                        UnknownCause.TOO_LARGE,
                        "the configuration of " + pull.image() + " is larger than " + limits.configBytes() + " bytes");
            }
            return source.blob(pull, config).thenApply(this::parseConfig);
        });
    }

    private CompletionStage<List<PlatformUser>> user(Image image) {
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

    private ImageDocument parse(Document document) {
        try {
            return ImageDocumentParser.parse(document.bytes(), document.mediaType(), limits);
        } catch (TooLargeException tooLarge) {
            throw new LookupException(UnknownCause.TOO_LARGE, pull.image() + " " + tooLarge.getMessage());
        } catch (OutdatedManifestException outdated) {
            throw malformed("the manifest of ", outdated).advising(Remedies.SCHEMA_1);
        } catch (IOException malformed) {
            throw malformed("the manifest of ", malformed);
        }
    }

    private ImageConfig parseConfig(byte[] json) {
        try {
            return ImageConfig.parse(json);
        } catch (IOException malformed) {
            throw malformed("the configuration of ", malformed);
        }
    }

    private LookupException malformed(String what, IOException why) {
        return new LookupException(
                UnknownCause.MALFORMED, what + pull.image() + " cannot be read: " + GoJson.describe(why));
    }

    private static CompletionStage<List<PlatformUser>> one(Image image, ImageUser user) {
        return CompletableFuture.completedFuture(List.of(new PlatformUser(image.platform(), user, image.runtimes())));
    }

    /** One after the other: a registry sees no burst, and the first failure ends it. */
    static <T, R> CompletionStage<List<R>> each(List<T> items, Function<T, CompletionStage<List<R>>> step) {
        CompletionStage<List<R>> all = CompletableFuture.completedFuture(List.of());
        for (T item : items) {
            all = all.thenCompose(before -> step.apply(item).thenApply(more -> {
                List<R> both = new ArrayList<>(before);
                both.addAll(more);
                return both;
            }));
        }
        return all;
    }

    /**
     * An image as it would be run on a platform.
     *
     * @param runtimes those that take it; empty for all of them
     */
    record Image(
            Platform platform, ImageDocument.Manifest manifest, ImageConfig config, List<ContainerRuntime> runtimes) {
        boolean isWindows() {
            return platform.isWindows();
        }

        boolean claimsPlatform() {
            Platform claimed = config.platform();
            return claimed.architecture().isEmpty()
                    || new ContainerdChoice(ContainerRuntime.CONTAINERD_2_0, platform).takes(claimed, List.of());
        }
    }
}
