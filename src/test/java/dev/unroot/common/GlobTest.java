package dev.unroot.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "docker.io/library/nginx, docker.io/library/nginx, true",
        "docker.io/library/nginx, docker.io/library/nginx2, false",
        "docker.io/library/nginx, xdocker.io/library/nginx, false",
        "*, registry.example/a/b/c, true",
        "**, registry.example/a/b/c, true",
        "registry.example/*, registry.example/app, true",
        "registry.example/*, registry.example/team/app, false",
        "registry.example/**, registry.example/team/app, true",
        "registry.example/**, registry.example.evil.example/app, false",
        "registry.example/*/app, registry.example/team/app, true",
        "registry.example/*/app, registry.example/app, false",
        "registry.example/**/app, registry.example/a/b/app, true",
        "*.example/app, registry.example/app, true",
        "*.example/app, evil.test/registry.example/app, false",
        "registry.example/app-*, registry.example/app-1, true",
        "registry.example/app-*, registry.example/app-, true",
        "registry.example/app-*, registry.example/application, false",
        "registry.example:5000/*, registry.example:5000/app, true",
        "registry.example:5000/*, registry.example/app, false",
        "registryXexample/app, registry.example/app, false",
        "registry.example/a+, registry.example/aa, false",
        "'registry.example/[ab]', registry.example/a, false",
    })
    void starsMatchWithinAPartAndTwoAcross(String pattern, String name, boolean matches) {
        assertThat(new Glob(pattern).matches(name)).isEqualTo(matches);
        assertThat(new Glob(pattern)).hasToString(pattern);
    }

    @ParameterizedTest
    @CsvSource({"registry.example/app, registryXexample/app", "'registry.example/(a|b)', registry.example/a"})
    void nothingElseIsSpecial(String pattern, String name) {
        assertThat(new Glob(pattern).matches(name)).isFalse();
        assertThat(new Glob(pattern).matches(pattern)).isTrue();
    }
}
