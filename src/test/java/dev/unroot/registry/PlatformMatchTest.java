package dev.unroot.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values were taken from containerd/platforms {@code Only}. */
class PlatformMatchTest {
    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux amd64; linux amd64 v1; linux x86_64; Linux AMD64; '' amd64; linux 386; linux i386",
        "linux/amd64/v3, linux amd64 v3; linux amd64 v2; linux amd64; linux amd64 v1; linux 386",
        "linux/arm64, linux arm64; linux arm64 v8; linux arm64 8; linux aarch64; linux arm v8; linux arm; linux arm v7; "
                + "linux arm 7; linux armhf; linux armel; linux arm v6; linux arm v5",
        "linux/arm64/v9, linux arm64 v9; linux arm v8; linux arm v7; linux arm v5",
        "linux/arm, linux arm; linux arm v7; linux armhf; linux armel; linux arm v6; linux arm v5",
        "linux/arm/v6, linux armel; linux arm v6; linux arm v5",
        "linux/386, linux 386; linux i386 x",
        "windows/amd64, windows amd64; '' amd64",
        "linux/s390x, linux s390x"
    })
    void takes(String node, String offers) {
        for (String offered : offers.split("; ")) {
            assertThat(match(node).matches(platform(offered))).as(offered).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux amd64 v2; linux ''; '' ''; linux arm64; unknown unknown; windows amd64; linux 386 x",
        "linux/arm64, linux arm64 v9; linux arm64 v8.1; linux amd64; linux arm v9; unknown unknown",
        "linux/arm64/v9, linux arm64",
        "linux/arm/v6, linux arm; linux arm v7; linux arm64",
        "linux/386, linux amd64",
        "windows/amd64, linux amd64",
        "unknown/unknown, unknown unknown"
    })
    void refuses(String node, String offers) {
        for (String offered : offers.split("; ")) {
            assertThat(match(node).matches(platform(offered))).as(offered).isFalse();
        }
    }

    @Test
    void theNodesOwnArchitectureComesFirst() {
        PlatformMatch node = match("linux/arm64");

        assertThat(node.rank(platform("linux arm64"))).isLessThan(node.rank(platform("linux arm v8")));
        assertThat(node.rank(platform("linux arm v8"))).isLessThan(node.rank(platform("linux arm v7")));
        assertThat(match("linux/amd64").rank(platform("linux amd64")))
                .isLessThan(match("linux/amd64").rank(platform("linux 386")));
    }

    private static PlatformMatch match(String node) {
        return new PlatformMatch(Platform.parse(node));
    }

    private static Platform platform(String text) {
        String[] parts = text.replace("''", "").split(" ", -1);
        return new Platform(parts[0], parts[1], parts.length > 2 ? parts[2] : "");
    }
}
