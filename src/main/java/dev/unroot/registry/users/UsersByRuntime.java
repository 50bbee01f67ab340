package dev.unroot.registry.users;

import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What it comes to when runtimes take different images for one platform. */
final class UsersByRuntime {
    private UsersByRuntime() {}

    /**
     * Each user of a platform once; with its runtimes only where that tells it from the platform's others. It does not where all
     * runtimes take either, by the variant of the node's processor.
     */
    static List<PlatformUser> merged(List<PlatformUser> found) {
        Map<Platform, Map<ImageUser, Set<ContainerRuntime>>> platforms = new LinkedHashMap<>();
        for (PlatformUser user : found) {
            platforms
                    .computeIfAbsent(user.platform(), platform -> new LinkedHashMap<>())
                    .computeIfAbsent(user.user(), same -> new LinkedHashSet<>())
                    .addAll(user.runtimes());
        }
        List<PlatformUser> merged = new ArrayList<>();
        platforms.forEach((platform, users) -> {
            boolean alike = users.values().stream().distinct().count() == 1;
            users.forEach((user, runtimes) ->
                    merged.add(new PlatformUser(platform, user, alike ? List.of() : List.copyOf(runtimes))));
        });
        return merged;
    }
}
