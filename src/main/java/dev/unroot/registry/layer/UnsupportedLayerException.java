package dev.unroot.registry.layer;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A layer may be in order, but cannot be read here. */
public final class UnsupportedLayerException extends IOException {
    private static final long serialVersionUID = 1L;

    UnsupportedLayerException(String message) {
        super(message);
    }

    public UnsupportedLayerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
