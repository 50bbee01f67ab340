package dev.unroot.model;

import org.jspecify.annotations.Nullable;

/** The judged part of {@code securityContext.windowsOptions}. */
public record WindowsOptions(
        @Nullable String runAsUserName, @Nullable Boolean hostProcess) {}
