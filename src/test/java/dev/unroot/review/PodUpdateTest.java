package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Container;
import dev.unroot.model.Pod;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodUpdateTest {
    private static final String BEFORE = "{initContainers: [{name: i, image: a}], containers: [{name: c, image: b}]}";

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
        assertThat(new PodUpdate(pod(BEFORE), pod(after)).isSignificant()).isEqualTo(significant);
    }

    @Test
    void aContainerWasThereWithThatImageOnly() {
        Pod after =
                pod("{initContainers: [{name: i, image: a2}, {name: new, image: a}], containers: [{name: c, image: b}],"
                        + " ephemeralContainers: [{name: c, image: b}]}");
        PodUpdate update = new PodUpdate(pod(BEFORE), after);

        assertThat(after.containers().stream().filter(update.hadBefore()).map(Container::path))
                .singleElement()
                .hasToString("spec.containers[0]");
    }

    private static Pod pod(String spec) {
        return Objects.requireNonNull(
                Objects.requireNonNull(Reviews.create("{spec: " + spec + "}").object())
                        .pod());
    }
}
