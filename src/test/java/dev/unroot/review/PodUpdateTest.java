package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Container;
import dev.unroot.model.Platform;
import dev.unroot.model.Pod;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodUpdateTest {
    private static final String BEFORE = "{initContainers: [{name: i, image: a}], containers: [{name: c, image: b}]}";

    private static final List<Platform> LINUX = List.of(Platform.parse("linux/amd64"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{initContainers: [{name: i, image: a}], containers: [{name: c, image: b}]} | false",
                "{initContainers: [{name: i, image: a}], containers: [{name: c, image: b, resources: {}}]} | false",
                "{initContainers: [{name: i, image: a}], containers: [{name: c, image: b}], tolerations: []} | false",
                "{initContainers: [{name: i, image: a}], containers: [{name: c, image: b2}]} | true",
                "{initContainers: [{name: i, image: a2}], containers: [{name: c, image: b}]} | true",
                "{containers: [{name: c, image: b}]} | true",
                "{initContainers: [{name: i, image: a}], containers: [{name: c, image: b}, {name: d, image: b}]} | true",
                "{initContainers: [{name: i, image: a}], containers: [{name: c, image: b}], ephemeralContainers: [{name: e, image: b}]} | true",
            })
    void isSignificantWhereContainersOrImagesChange(String after, boolean significant) {
        assertThat(new PodUpdate(pod(BEFORE), pod(after), LINUX).isSignificant())
                .isEqualTo(significant);
    }

    @Test
    void aContainerWasThereWithThatImageOnly() {
        Pod after =
                pod("{initContainers: [{name: i, image: a2}, {name: new, image: a}], containers: [{name: c, image: b}],"
                        + " ephemeralContainers: [{name: c, image: b}]}");
        PodUpdate update = new PodUpdate(pod(BEFORE), after, LINUX);

        assertThat(after.containers().stream().filter(update.hadBefore()).map(Container::path))
                .singleElement()
                .hasToString("spec.containers[0]");
    }

    /** Of a pod with scheduling gates, what it asks of its node may be narrowed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                    | {kubernetes.io/os: windows} | true",
                "                                    | {kubernetes.io/arch: arm64} | true",
                "{kubernetes.io/arch: arm64}         | {kubernetes.io/arch: arm64, kubernetes.io/os: linux} | false",
                "                                    | {kubernetes.io/arch: amd64} | false",
                "                                    | {pool: a} | false",
            })
    void isSignificantWhereItLeadsToAPlatformThatWasNotJudged(String before, String after, boolean significant) {
        PodUpdate update = new PodUpdate(selecting(before), selecting(after), LINUX);

        assertThat(update.isSignificant()).isEqualTo(significant);
        assertThat(update.hadBefore().test(update.after().containers().get(0))).isNotEqualTo(significant);
    }

    private static Pod selecting(@Nullable String labels) {
        return pod("{nodeSelector: " + (labels == null ? "{}" : labels) + ", containers: [{name: c, image: b}]}");
    }

    private static Pod pod(String spec) {
        return Objects.requireNonNull(
                Objects.requireNonNull(Reviews.create("{spec: " + spec + "}").object())
                        .pod());
    }
}
