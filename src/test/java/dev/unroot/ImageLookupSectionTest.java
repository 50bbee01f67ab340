package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.command.UsageException;
import dev.unroot.configuration.Configuration;
import dev.unroot.configuration.ConfigurationException;
import dev.unroot.configuration.ConfigurationFile;
import dev.unroot.registry.credentials.NoCredentials;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.NoProxy;
import dev.unroot.registry.place.Proxies;
import dev.unroot.registry.place.ProxyServer;
import dev.unroot.registry.place.RequestListener;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.remote.RemoteOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code imageLookup} says of hosts, proxies and limits, and what is made of it. */
class ImageLookupSectionTest {
    private static final String HEAD = "apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\n";

    private static Configuration.ImageLookup parse(String keys) throws ConfigurationException {
        return ConfigurationFile.parse(HEAD + "imageLookup: {" + keys + "}", "unroot.yaml")
                .imageLookup();
    }

    @ParameterizedTest
    @CsvSource({
        "manifestBytes, 1Mi, 1048576",
        "configBytes, 3M, 3000000",
        "layerBytes, 2Gi, 2147483648",
        "unpackedBytes, 1.5Gi, 1610612736",
        "layerEntries, 77, 77",
        "indexEntries, 7, 7",
        "indexDepth, 2, 2",
        "layers, 9, 9",
        "lookups, 11, 11",
        "lookupsPerRegistry, 3, 3",
        "waiting, 0, 0",
    })
    void aLimitSetsWhatItNamesAndNothingElse(String key, String value, long wanted) throws Exception {
        Map<String, Long> expected = limits(Configuration.DEFAULT.imageLookup());
        assertThat(expected.put(key, wanted)).isNotNull().isNotEqualTo(wanted);

        assertThat(limits(parse("limits: {" + key + ": " + value + "}"))).isEqualTo(expected);
    }

    /** As they reach those who apply them. */
    private static Map<String, Long> limits(Configuration.ImageLookup lookup) throws UsageException {
        Limits image = remoteOptions(lookup, Map.of()).limits();
        assertThat(image).isEqualTo(lookup.limits());
        var cache = lookup.cache();
        Map<String, Long> limits = new LinkedHashMap<>();
        limits.put("manifestBytes", (long) image.manifestBytes());
        limits.put("configBytes", (long) image.configBytes());
        limits.put("layerBytes", image.layerBytes());
        limits.put("unpackedBytes", image.inflatedBytes());
        limits.put("layerEntries", (long) image.layerEntries());
        limits.put("passwdBytes", (long) image.passwdBytes());
        limits.put("indexEntries", (long) image.indexEntries());
        limits.put("indexDepth", (long) image.indexDepth());
        limits.put("layers", (long) image.layers());
        limits.put("lookups", (long) cache.lookups());
        limits.put("lookupsPerRegistry", (long) cache.lookupsPerRegistry());
        limits.put("waiting", (long) cache.waiting());
        return limits;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limits: {manifestBytes: 4MB}    | imageLookup.limits.manifestBytes: \"4MB\" is not a number of bytes: write it as 4194304, 4Mi or 2Gi",
                "limits: {manifestBytes: 0.1}    | is not a number of bytes",
                "limits: {manifestBytes: 1Gi}    | imageLookup.limits.manifestBytes: must be from 1Ki to 64Mi",
                "limits: {configBytes: 1}        | imageLookup.limits.configBytes: must be from 1Ki to 64Mi",
                "limits: {layerBytes: 1Ti}       | imageLookup.limits.layerBytes: must be from 1Ki to 64Gi",
                "limits: {unpackedBytes: 0}      | imageLookup.limits.unpackedBytes: must be from 1Ki to 256Gi",
                "limits: {layers: 0}             | imageLookup.limits.layers: must be from 1 to 10000",
                "limits: {lookups: 0}            | imageLookup.limits.lookups: must be from 1 to 1000",
                "limits: {lookups: -1}           | imageLookup.limits.lookups: write a whole number",
                "limits: {waiting: 1e3}          | imageLookup.limits.waiting: write a whole number",
                "limits: {passwdBytes: 1}        | imageLookup.limits.passwdBytes: must be from 1Ki to 64Mi",
                "limits: {groupBytes: 1}         | unknown key imageLookup.limits.groupBytes",
                "allowHosts: ['https://ghcr.io'] | imageLookup.allowHosts[0]: \"https://ghcr.io\" is not a host: write",
                "denyHosts: [a, 'b/c']           | imageLookup.denyHosts[1]: \"b/c\" is not a host: write",
                "proxy: {noProxy: [a]}           | imageLookup.proxy.noProxy is without imageLookup.proxy.url",
                "proxy: {url: 'https://p:1'}     | imageLookup.proxy.url: is a proxy by \"https\", and only http:// is spoken",
            })
    void whatIsWrongIsToldWithItsKey(String keys, String problem) {
        assertThatThrownBy(() -> parse(keys))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("unroot.yaml:3: ")
                .hasMessageContaining(problem);
    }

    @Test
    void aPasswordInAProxysAddressIsNotQuoted() {
        assertThatThrownBy(() -> parse("proxy: {url: 'http://user:secret@proxy:port'}"))
                .hasMessageContaining("imageLookup.proxy.url: is not a proxy: its host cannot be one, or its port")
                .hasMessageNotContaining("secret");
    }

    @Test
    void hostsAreListedAsPatterns() throws ConfigurationException {
        Configuration.ImageLookup lookup =
                parse("allowHosts: [ghcr.io, '*.example.com'], denyHosts: ['bad.example:5000']");
        assertThat(lookup.hosts())
                .isEqualTo(parse("allowHosts: [ghcr.io, '*.example.com'], denyHosts: ['bad.example:5000']")
                        .hosts());
        assertThat(lookup.hosts().allow()).hasToString("[ghcr.io, *.example.com]");
        assertThat(lookup.hosts().deny()).hasToString("[bad.example:5000]");
    }

    @Test
    void theConfiguredProxyStandsInForTheEnvironments() throws Exception {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://from.example:1", "NO_PROXY", "a.example");
        Proxies environments = Proxies.fromEnvironment(environment);
        Proxies configured = Proxies.of(
                new ProxyServer("from.file", 3128, "user", "secret"), new NoProxy(List.of("b.example", "10.0.0.0/8")));

        assertThat(proxies("", environment)).isEqualTo(environments);
        assertThat(proxies(
                        "proxy: {url: 'http://user:secret@from.file:3128', noProxy: [b.example, 10.0.0.0/8]}",
                        environment))
                .isEqualTo(configured);
        assertThat(proxies("", Map.of())).isEqualTo(Proxies.NONE);
    }

    private static RemoteOptions remoteOptions(Configuration.ImageLookup lookup, Map<String, String> environment)
            throws UsageException {
        return Images.remoteOptions(
                lookup, TrustZone.UNTRUSTED, new NoCredentials(), RequestListener.NONE, environment);
    }

    private static Proxies proxies(String keys, Map<String, String> environment) throws Exception {
        RemoteOptions options = remoteOptions(parse(keys), environment);
        return options.proxies();
    }

    @Test
    void aProxyInTheEnvironmentThatIsNoneIsWrongUsage() {
        assertThatThrownBy(
                        () -> remoteOptions(Configuration.DEFAULT.imageLookup(), Map.of("https_proxy", "socks5://p:1")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("environment variable HTTPS_PROXY is a proxy by \"socks5\"");
    }
}
