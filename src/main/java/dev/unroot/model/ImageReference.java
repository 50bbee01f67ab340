package dev.unroot.model;

import dev.unroot.common.Text;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An image reference, normalised as container runtimes do it.
 *
 * <p>Source of the rules: distribution/reference ({@code normalize.go}, {@code regexp.go}).
 *
 * @param registry host and optional port; Docker Hub is {@code docker.io}; empty for an image without a name
 * @param repository path within the registry, {@code library/nginx}; empty for an image without a name
 * @param tag {@code latest} where neither tag nor digest is written; null where only a digest is
 * @param digest {@code sha256:…}; null where none is written. With both, the digest decides
 */
public record ImageReference(
        String registry,
        String repository,
        @Nullable String tag,
        @Nullable String digest) {
    private static final String IMAGE_ID =
            "an image ID or the beginning of one, which stands for whatever image a node has under it";

    private static final int LONGEST_REPOSITORY = 255;

    /**
     * Reads a reference as a pod writes it.
     *
     * <p>An {@linkplain #isImageId image ID} is none, though the kubelet takes {@code sha256:…} for a name with a tag.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong; the kubelet refuses such an image too
     *     ({@code InvalidImageName})
     */
    public static ImageReference parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the image is empty");
        }
        if (ReferenceGrammar.isIdentifier(text)) {
            throw invalid(text, "64 hex digits are an image ID, not a name");
        }
        if (ReferenceGrammar.isImageId(text)) {
            throw invalid(text, "it is " + IMAGE_ID);
        }
        int slash = text.indexOf('/');
        String first = slash < 0 ? "" : text.substring(0, slash);
        boolean hasRegistry = slash >= 0 && looksLikeRegistry(first);
        String registry = hasRegistry ? DockerHub.normalized(first) : DockerHub.REGISTRY;
        String rest = hasRegistry ? text.substring(slash + 1) : text;

        String digest = null;
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = rest.substring(at + 1);
            rest = rest.substring(0, at);
            if (!ReferenceGrammar.isDigest(digest)) {
                throw invalid(
                        text, "its digest is not sha256: with 64 hex digits, sha384: with 96 or sha512: with 128");
            }
        }
        String tag = digest == null ? "latest" : null;
        int colon = rest.indexOf(':');
        if (colon >= 0) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
            if (!ReferenceGrammar.isTag(tag)) {
                throw invalid(text, "its tag may hold up to 128 letters, digits, '_', '.' and '-'");
            }
        }
        if (!rest.equals(rest.toLowerCase(Locale.ROOT))) {
            throw invalid(text, "a repository is written in lower case");
        }
        if (registry.equals(DockerHub.REGISTRY) && rest.indexOf('/') < 0) {
            rest = "library/" + rest;
        }
        if (!ReferenceGrammar.isRegistry(registry)) {
            throw invalid(text, "its registry is not a host name");
        }
        if (!ReferenceGrammar.canBeConnectedTo(registry)) {
            throw invalid(text, "its registry's port is not from 1 to 65535");
        }
        if (rest.length() > longestRepository(registry) || !ReferenceGrammar.isRepository(rest)) {
            throw invalid(text, "write registry/repository:tag or registry/repository@sha256:…");
        }
        return new ImageReference(registry, rest, tag, digest);
    }

    /**
     * Reads {@code @sha256:…}, an image by its digest alone: among local files it needs no name. In a registry there is no such
     * thing, and no pod can write it.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    public static ImageReference parseDigestAlone(String text) {
        if (!text.startsWith("@") || !ReferenceGrammar.isDigest(text.substring(1))) {
            throw invalid(text, "write @sha256: with 64 hex digits, @sha384: with 96 or @sha512: with 128");
        }
        return new ImageReference("", "", null, text.substring(1));
    }

    private static int longestRepository(String registry) {
        return ReferenceGrammar.isHostAndPort(registry)
                ? LONGEST_REPOSITORY
                : LONGEST_REPOSITORY - registry.length() - 1;
    }

    /**
     * Whether nodes look for it among the images that they have, before they take it for a name: {@code sha256:} and hex
     * digits. No registry can tell what it stands for.
     */
    public static boolean isImageId(String text) {
        return ReferenceGrammar.isImageId(text);
    }

    private static boolean looksLikeRegistry(String first) {
        return first.equals("localhost")
                || first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || !first.equals(first.toLowerCase(Locale.ROOT));
    }

    private static IllegalArgumentException invalid(String text, String why) {
        return new IllegalArgumentException(Text.quote(text) + " is not an image reference: " + why);
    }

    /** {@code registry/repository}: what exemptions, trust and the layout's entries are matched by. */
    public String name() {
        return registry.isEmpty() ? repository : registry + "/" + repository;
    }

    /** What the registry is asked for: the digest where there is one, else the tag. */
    public String tagOrDigest() {
        if (digest != null) {
            return digest;
        }
        return tag == null ? "latest" : tag;
    }

    @Override
    public String toString() {
        return name() + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }
}
