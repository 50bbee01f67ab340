package dev.unroot.registry.cache;

/** Counts nothing. */
public final class QuietListener implements LookupListener {
    @Override
    public void answeredFromMemory() {}

    @Override
    public void lookedUp(String outcome) {}
}
