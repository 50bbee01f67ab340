package dev.unroot.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private static final String DIGEST = "sha256:" + "a".repeat(64);

    private static int weight(int platforms, String user) {
        List<PlatformUser> users = new ArrayList<>();
        List<Platform> asked = new ArrayList<>();
        for (int i = 0; i < platforms; i++) {
            Platform platform = new Platform("linux", "arch" + i, "");
            asked.add(platform);
            users.add(new PlatformUser(platform, new ImageUser.Numeric(user, 1000L, null)));
        }
        return Weights.of(new ImageKey(DIGEST, asked), new ImageFacts.Known(DIGEST, Confidence.TAG, users, List.of()));
    }

    @Test
    void anOrdinaryImageWeighsOne() {
        assertThat(weight(1, "1000")).isEqualTo(1);
        assertThat(weight(2, "1000:1000")).isEqualTo(1);
    }

    @Test
    void manyPlatformsAndLongNamesWeighMore() {
        assertThat(weight(20, "1000")).isBetween(6, 10);
        assertThat(weight(1, "1".repeat(50_000))).isGreaterThan(90);
    }
}
