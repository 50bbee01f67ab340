package dev.unroot.model;

import java.util.Locale;

/** How firmly an image fact is tied to the bytes that the node will run. */
public enum Confidence {
    /** The pod names the digest: these are the bytes. */
    DIGEST,
    /** The pod names a tag, which its owner can move between now and the pull. */
    TAG,
    /** The registry was not asked, or did not answer in time; this is the last that it told. */
    STALE;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
