package dev.unroot.configuration;

import java.util.List;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param problems each with file, line, key, and how to mend it */
    public ConfigurationException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
