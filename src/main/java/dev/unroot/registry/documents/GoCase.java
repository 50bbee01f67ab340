package dev.unroot.registry.documents;

/**
 * Lower case as Go's {@code strings.ToLower} makes it: letter by letter. Java's own knows words and lengthens some letters,
 * so that {@code lİnux}, which is {@code linux} for Go, would be something else.
 */
public final class GoCase {
    private GoCase() {}

    public static String lower(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.codePoints().map(Character::toLowerCase).forEach(lower::appendCodePoint);
        return lower.toString();
    }
}
