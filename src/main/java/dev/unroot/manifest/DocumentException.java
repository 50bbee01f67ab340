package dev.unroot.manifest;

/** A document that is neither YAML nor JSON. */
final class DocumentException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;

    /** @param line counted from 1 in what was parsed */
    DocumentException(int line, String message) {
        super(message);
        this.line = line;
    }

    int line() {
        return line;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
