package dev.unroot.registry.platforms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.Platform;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values were taken from containerd/platforms {@code Only}; {@code IndexChoiceIT} asks the originals. */
class ContainerdChoiceTest {
    @ParameterizedTest
    @CsvSource({
        "CONTAINERD_1, linux/amd64, linux amd64; linux amd64 v1; linux x86_64; Linux AMD64; l\u0130nux amd64; '' amd64; linux 386; linux i386",
        "CONTAINERD_2_3, linux/amd64, linux amd64; linux amd64 v1; linux x86_64; Linux AMD64; l\u0130nux amd64; '' amd64; linux 386",
        "CONTAINERD_1, linux/amd64/v3, linux amd64 v3; linux amd64 v2; linux amd64; linux amd64 v1; linux 386",
        "CONTAINERD_1, linux/arm64, linux arm64; linux arm64 v8; linux arm64 8; linux aarch64; linux arm v8; linux arm; linux arm v7; "
                + "linux arm 7; linux armhf; linux armel; linux arm v6; linux arm v5",
        "CONTAINERD_2_0, linux/arm64, linux arm64; linux arm64 v8; linux arm64 v8.0; linux arm v8; linux arm v5",
        "CONTAINERD_1, linux/arm64/v9, linux arm64 v9; linux arm v8; linux arm v7; linux arm v5",
        "CONTAINERD_2_0, linux/arm64/v9, linux arm64 9; linux arm64 v8.5; linux arm64; linux arm v8; linux arm v5",
        "CONTAINERD_2_3, linux/arm64/v9.6, linux arm64 v9.6; linux arm64 v9; linux arm64 v8.9; linux arm64 v8.1",
        "CONTAINERD_1, linux/arm, linux arm; linux arm v7; linux armhf; linux armel; linux arm v6; linux arm v5",
        "CONTAINERD_2_3, linux/arm/v6, linux armel; linux arm v6; linux arm v5",
        "CONTAINERD_1, linux/386, linux 386; linux i386 x",
        "CONTAINERD_1, windows/amd64, windows amd64; '' amd64",
        "CONTAINERD_2_3, linux/s390x, linux s390x"
    })
    void takes(ContainerRuntime release, String node, String offers) {
        for (String offered : offers.split("; ")) {
            assertThat(choice(release, node).takes(platform(offered), List.of()))
                    .as(offered)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CONTAINERD_1, linux/amd64, linux amd64 v2; linux ''; '' ''; linux arm64; unknown unknown; windows amd64; linux 386 x",
        "CONTAINERD_1, linux/arm64, linux arm64 v9; linux arm64 v8.0; linux arm64 v8.1; linux amd64; linux arm v9; unknown unknown",
        "CONTAINERD_2_0, linux/arm64, linux arm64 v9; linux arm64 v8.1; linux arm v9",
        "CONTAINERD_2_0, linux/arm64/v7, linux arm64; linux arm64 v7; linux arm v7",
        "CONTAINERD_1, linux/arm64/v9, linux arm64",
        "CONTAINERD_2_3, linux/arm/v6, linux arm; linux arm v7; linux arm64",
        "CONTAINERD_1, linux/386, linux amd64",
        "CONTAINERD_1, windows/amd64, linux amd64"
    })
    void refuses(ContainerRuntime release, String node, String offers) {
        for (String offered : offers.split("; ")) {
            assertThat(choice(release, node).takes(platform(offered), List.of()))
                    .as(offered)
                    .isFalse();
        }
    }

    @Test
    void theNodesOwnArchitectureComesFirst() {
        Descriptor arm = entry("linux arm v8");
        Descriptor own = entry("linux arm64");

        assertThat(choice(ContainerRuntime.CONTAINERD_1, "linux/arm64").from(List.of(entry("linux arm v7"), arm, own)))
                .isEqualTo(own);
        assertThat(choice(ContainerRuntime.CONTAINERD_2_3, "linux/arm64").from(List.of(entry("linux arm v7"), arm)))
                .isEqualTo(arm);
    }

    /** Up to 2.2 nobody looks at them; from then on they must be the node's, and a Linux node has none. */
    @Test
    void featuresOfTheOperatingSystemCountFrom23On() {
        Descriptor featured = entry("linux amd64", "erofs");
        Descriptor plain = entry("linux amd64");

        assertThat(choice(ContainerRuntime.CONTAINERD_1, "linux/amd64").from(List.of(featured, plain)))
                .isEqualTo(featured);
        assertThat(choice(ContainerRuntime.CONTAINERD_2_0, "linux/amd64").from(List.of(featured, plain)))
                .isEqualTo(featured);
        assertThat(choice(ContainerRuntime.CONTAINERD_2_3, "linux/amd64").from(List.of(featured, plain)))
                .isEqualTo(plain);
    }

    private static Descriptor entry(String platform, String... features) {
        Digest digest = Digest.of((platform + features.length).getBytes(StandardCharsets.UTF_8));
        return new Descriptor("", digest, 0, platform(platform), List.of(features), Map.of(), List.of());
    }

    private static ContainerdChoice choice(ContainerRuntime release, String node) {
        return new ContainerdChoice(release, Platform.parse(node));
    }

    private static Platform platform(String text) {
        String[] parts = text.replace("''", "").split(" ", -1);
        return new Platform(parts[0], parts[1], parts.length > 2 ? parts[2] : "");
    }
}
