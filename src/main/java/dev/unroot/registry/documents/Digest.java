package dev.unroot.registry.documents;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A content digest, {@code sha256:…}.
 *
 * @param algorithm {@code sha256}, {@code sha384} or {@code sha512}
 * @param hex in lower case, of exactly that algorithm's length: safe in a path
 */
public record Digest(String algorithm, String hex) {
    private static final Pattern FORM = Pattern.compile("sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}");
    private static final Map<String, String> JAVA_NAMES =
            Map.of("sha256", "SHA-256", "sha384", "SHA-384", "sha512", "SHA-512");

    public static boolean isDigest(String text) {
        return FORM.matcher(text).matches();
    }

    /** @throws IllegalArgumentException where the text is no digest of a known algorithm */
    public static Digest parse(String text) {
        if (!isDigest(text)) {
            throw new IllegalArgumentException("not a sha256, sha384 or sha512 digest");
        }
        int colon = text.indexOf(':');
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    /** The sha256 digest of the bytes, which is what a tag's answer is known by. */
    public static Digest of(byte[] bytes) {
        return of("sha256", newHash("sha256").digest(bytes));
    }

    /** The digest that a hash made with {@link #newHash()} has come to. */
    public static Digest of(String algorithm, byte[] hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash));
    }

    /** Whether the bytes are the ones meant, by this digest's own algorithm. */
    public boolean matches(byte[] bytes) {
        return hex.equals(HexFormat.of().formatHex(newHash().digest(bytes)));
    }

    /** Whether a finished hash made with {@link #newHash()} is this digest. */
    public boolean matchesHash(byte[] hash) {
        return hex.equals(HexFormat.of().formatHex(hash));
    }

    public MessageDigest newHash() {
        return newHash(algorithm);
    }

    private static MessageDigest newHash(String algorithm) {
        try {
            return MessageDigest.getInstance(JAVA_NAMES.getOrDefault(algorithm, algorithm));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }
}
