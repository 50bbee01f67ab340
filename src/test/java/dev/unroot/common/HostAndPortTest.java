package dev.unroot.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "ghcr.io, ghcr.io, -",
                "ghcr.io:443, ghcr.io, 443",
                "ghcr.io:, ghcr.io, ''",
                "[::1], [::1], -",
                "[::1]:5000, [::1], 5000",
                "::1, ::1, -",
                "[a-c]x.example:5000, [a-c]x.example, 5000",
                "a:1:2, a:1:2, -",
                "[::1]:1:2, [::1]:1:2, -",
                "'', '', -"
            })
    void splitsBeforeThePortsColon(String text, String host, @Nullable String port) {
        assertThat(HostAndPort.split(text)).isEqualTo(new HostAndPort(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "::1", "[]", "[x]:1", "[::1", "a b", "user@ghcr.io", "a:", "a:x", "a:0", "a:65536", "é.io"})
    void readsNothingFromWhatHasOtherCharactersOrNoPort(String text) {
        assertThat(HostAndPort.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "0080,80", "65535,65535", "65536,0", "99999999999999999999,0", "'',-1", "8o,-1", "+1,-1"})
    void aPortIsFrom1To65535(String text, int port) {
        assertThat(HostAndPort.port(":" + text, 1)).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({
        "a,true",
        "a-b.C1,true",
        "a--b,true",
        "'',false",
        "-a,false",
        "a-.b,false",
        "a..b,false",
        ".a,false",
        "a.,false",
        "a_b,false"
    })
    void aNameIsOfLabels(String text, boolean name) {
        assertThat(HostAndPort.isName(text + ":80", text.length())).isEqualTo(name);
    }

    @Test
    void anAddressIsOneInItsUsualFormAlone() {
        assertThat(HostAndPort.address("10.1.2.3")).hasToString("/10.1.2.3");
        assertThat(HostAndPort.address("::1")).hasToString("/0:0:0:0:0:0:0:1");
        for (String none : new String[] {"127.1", "0x7f.1", "256.1.1.1", "ghcr.io", "1:2", ""}) {
            assertThat(HostAndPort.address(none)).as(none).isNull();
        }
        assertThat(HostAndPort.isDisguised("127.1")).isTrue();
        assertThat(HostAndPort.isDisguised("a.0x7f.")).isTrue();
        assertThat(HostAndPort.isDisguised("10.1.2.3")).isFalse();
    }

    @Test
    void thisMachineIsLocalhostAndWhatLoopsBack() {
        for (String own : new String[] {"localhost", "127.0.0.1", "127.1.2.3", "::1"}) {
            assertThat(HostAndPort.isLoopback(own)).as(own).isTrue();
        }
        for (String other : new String[] {"127.1", "localhost.evil.test", "127.0.0.1.evil.test", "10.0.0.1"}) {
            assertThat(HostAndPort.isLoopback(other)).as(other).isFalse();
        }
        assertThat(HostAndPort.isLocalhost("a.localhost.")).isTrue();
    }
}
