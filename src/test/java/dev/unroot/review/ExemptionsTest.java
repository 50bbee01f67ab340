package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.common.Glob;
import dev.unroot.model.Container;
import dev.unroot.model.Pod;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExemptionsTest {
    private static final Pod SANDBOXED =
            pod("{spec: {runtimeClassName: gvisor, containers: [{name: a, image: 'app:1'}]}}");

    /** Namespace, then user, then RuntimeClass, as pod-security-admission has it. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "kube-system, alice, -",
                "system, alice, namespace",
                "system, admin, namespace",
                "team, admin, user",
                "team, alice, -",
                "-, -, -",
                "-, admin, user",
            })
    void thePlaceGoesBeforeThePerson(String namespace, String username, String reason) {
        Exemptions exemptions = Reviews.exempt(Set.of("system"), Set.of("admin"), Set.of());

        assertThat(exemptions.reason(namespace, username, SANDBOXED)).isEqualTo(reason);
    }

    @Test
    void aRuntimeClassExemptsLast() {
        Pod plain = pod("{spec: {containers: []}}");

        assertThat(Reviews.exempt(Set.of(), Set.of(), Set.of("gvisor")).reason("team", "alice", SANDBOXED))
                .isEqualTo("runtimeClass");
        assertThat(Reviews.exempt(Set.of(), Set.of(), Set.of("kata")).reason("team", "alice", SANDBOXED))
                .isNull();
        assertThat(Reviews.exempt(Set.of(), Set.of(), Set.of("gvisor")).reason("team", "alice", plain))
                .isNull();
        assertThat(Reviews.exempt(Set.of("team"), Set.of("alice"), Set.of("gvisor"))
                        .reason("team", "alice", SANDBOXED))
                .isEqualTo("namespace");
    }

    @Test
    void containersOfAnExemptImageAreLeftOut() {
        Pod pod = pod("{spec: {initContainers: [{name: a, image: 'registry.example/system/agent@sha256:"
                + "a".repeat(64)
                + "'}], containers: [{name: b, image: 'registry.example/app'}, {name: c, image: 'Bad/Image'},"
                + " {name: d}, {name: e, image: 'registry.example/system/agent:2'}]}}");
        Exemptions exemptions =
                new Exemptions(Set.of(), Set.of(), Set.of(), List.of(new Glob("registry.example/system/*")));

        assertThat(exemptions.withoutExemptImages(pod).containers())
                .extracting(Container::name)
                .containsExactly("b", "c", "d");
        assertThat(Exemptions.NONE.withoutExemptImages(pod)).isSameAs(pod);
    }

    /** Else a pattern that means every image would also mean what is none. */
    @Test
    void whatIsNoReferenceIsNeverExempt() {
        Exemptions exemptions = new Exemptions(Set.of(), Set.of(), Set.of(), List.of(new Glob("**")));

        assertThat(exemptions
                        .withoutExemptImages(pod("{spec: {containers: [{name: a, image: 'a b'}]}}"))
                        .containers())
                .hasSize(1);
    }

    private static Pod pod(String object) {
        return Objects.requireNonNull(
                Objects.requireNonNull(Reviews.create(object).object()).pod());
    }
}
