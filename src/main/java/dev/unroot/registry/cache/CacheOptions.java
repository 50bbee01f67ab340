package dev.unroot.registry.cache;

import java.time.Duration;

/**
 * What is remembered, and how much is asked at once.
 *
 * @param maxImages users of images, by digest and platforms
 * @param tagTtl how long a tag's digest is believed without asking again
 * @param staleIfError how long it still answers where the registry cannot be asked
 * @param timeout of one lookup, however little time those who wait for it have
 * @param lookups at once
 * @param lookupsPerRegistry at once, so that one slow registry leaves room for the others
 * @param waiting lookups in line; more are turned away
 */
public record CacheOptions(
        int maxImages,
        Duration tagTtl,
        Duration staleIfError,
        Duration timeout,
        int lookups,
        int lookupsPerRegistry,
        int waiting) {
    public static final CacheOptions DEFAULT =
            new CacheOptions(20_000, Duration.ofMinutes(5), Duration.ofHours(24), Duration.ofSeconds(5), 32, 8, 512);

    /** The same with no more lookups at once than there is room for: what has begun must not wait in another line. */
    public CacheOptions atMost(int room) {
        return lookups <= room
                ? this
                : new CacheOptions(
                        maxImages, tagTtl, staleIfError, timeout, room, Math.min(lookupsPerRegistry, room), waiting);
    }
}
