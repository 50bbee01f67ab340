package dev.unroot.manifest;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Carries what is wrong with a document through a parser that reads it as a stream. */
final class DocumentFault extends IOException {
    private static final long serialVersionUID = 1L;

    private final DocumentException fault;

    DocumentFault(DocumentException fault) {
        super(fault.sentence(), fault);
        this.fault = fault;
    }

    DocumentException fault() {
        return fault;
    }

    /** What is wrong with the document; null where the exception says something else. */
    static @Nullable DocumentException in(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof DocumentException fault) {
                return fault;
            }
        }
        return null;
    }
}
