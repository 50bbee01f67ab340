package dev.unroot.model;

/** The user of an image as built for one platform. */
public record PlatformUser(Platform platform, ImageUser user) {}
