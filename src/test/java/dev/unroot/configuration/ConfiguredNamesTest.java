package dev.unroot.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, hosts and patterns that could only ever be a mistake: they would be in force and do nothing. */
class ConfiguredNamesTest {
    private static final String HEAD = "apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\n";
    private static final String LONG = "a".repeat(64);

    private static void assertRefused(String keys, String problem) {
        assertThatThrownBy(() -> ConfigurationFile.parse(HEAD + keys, "unroot.yaml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("unroot.yaml:3: ")
                .hasMessageContaining(problem)
                .hasMessageNotContaining("\n");
    }

    private static void assertTaken(String keys) {
        assertThatCode(() -> ConfigurationFile.parse(HEAD + keys, "unroot.yaml"))
                .as(keys)
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a..b       | a part between its dots is empty",
                "ghcr.io.   | a part between its dots is empty",
                ".ghcr.io   | a part between its dots is empty",
                "-x         | not of letters, digits and inner hyphens alone",
                "x-.example | not of letters, digits and inner hyphens alone",
                "a_b        | not of letters, digits and inner hyphens alone",
                "5          | it ends in a number and is no IPv4 address",
                "1.2.3.4.5  | it ends in a number and is no IPv4 address",
                "256.1.1.1  | it ends in a number and is no IPv4 address",
                "127.1:5000 | it ends in a number and is no IPv4 address",
                "'[::1'     | it is not host or host:port",
                "'[1:2]:80' | it is no IPv6 address",
                "a.b:0      | with a port from 1 to 65535",
                "a.b:65536  | with a port from 1 to 65535",
                "''         | it is not host or host:port",
                "' a.b'     | it is not host or host:port",
            })
    void aHostThatNobodyCanConnectToIsRefused(String host, String problem) {
        assertRefused(
                "imageLookup: {registries: [{host: '" + host + "'}]}",
                "imageLookup.registries[0].host: \"" + host + "\" is not a registry's host: ");
        assertRefused("imageLookup: {registries: [{host: '" + host + "'}]}", problem);
        assertRefused(
                "imageLookup: {registries: [{host: a.example, mirrors: ['" + host + "']}]}",
                "imageLookup.registries[0].mirrors[0]: \"" + host + "\" is not a mirror: ");
        assertRefused("imageLookup: {registries: [{host: a.example, mirrors: ['" + host + "/hub']}]}", problem);
        assertRefused(
                "imageLookup: {registries: [{host: a.example, tokenServices: ['" + host + "']}]}",
                "imageLookup.registries[0].tokenServices[0]: \"" + host + "\" is not a registry's host: ");
    }

    @Test
    void aHostOfOverlongPartsIsRefused() {
        assertRefused("imageLookup: {registries: [{host: " + LONG + ".b}]}", "is longer than 63 characters");
        assertRefused(
                "imageLookup: {registries: [{host: " + "a.".repeat(127) + "b}]}", "it is longer than 253 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:5000",
                "registry",
                "a-b.example",
                "A.example",
                "10.0.0.7:5000",
                "'[::1]:5000'",
                "xn--bcher-kva.example",
                "1password.com",
                "3.example",
                "a.b.c.d.e"
            })
    void aHostIsTaken(String host) {
        assertTaken("imageLookup: {registries: [{host: " + host + "}]}");
        assertTaken("imageLookup: {registries: [{host: z.example, mirrors: [" + host + "]}]}");
    }

    @Test
    void aMirrorsPathBeginsARepositorysName() {
        assertRefused(
                "imageLookup: {registries: [{host: a.example, mirrors: [b.example/Hub]}]}",
                "\"b.example/Hub\" is not a mirror: its path cannot begin a repository's name");
        assertRefused(
                "imageLookup: {registries: [{host: a.example, mirrors: [b.example/]}]}",
                "its path cannot begin a repository's name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ".example.com | write *.example.com for what is under a domain",
                "a..b         | a part between its dots is empty",
                "a.           | a part between its dots is empty",
                "-x           | begins or ends with a hyphen",
                "''           | is not a host: write ghcr.io",
            })
    void aPatternThatNoHostMatchesIsRefused(String pattern, String problem) {
        for (String key : List.of("allowHosts", "denyHosts")) {
            assertRefused("imageLookup: {" + key + ": ['" + pattern + "']}", problem);
            assertRefused("imageLookup: {" + key + ": ['" + pattern + "']}", "imageLookup." + key + "[0]: ");
        }
    }

    @Test
    void aPatternOfHostsIsTaken() {
        assertTaken("imageLookup: {denyHosts: ['*', '*.example.com', 'my_bucket.example', '[fd*]:443', 'a-*', 10.*]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proxy.example:3128            | it does not begin with http://",
                "http://proxy.example          | it names no port",
                "http://proxy.example/         | it names no port",
                "'http://[::1]'                | it names no port",
                "http://proxy.example:3128/p   | it goes on after the port",
                "http://u:sec/ret@proxy:3128   | a '/' that is not written %2F",
                "http://proxy.example:3128?a=b | it goes on after the port",
                "u:secret@http://proxy:3128    | is not a proxy: ",
                "http://u:secret%zz@proxy:3128 | a '%' that begins no code of two hex digits",
                "http://u:secret@a..b:3128     | its host cannot be one",
                "http://proxy.example:99999    | its host cannot be one, or its port is not from 1 to 65535",
                "''                            | it is no address",
            })
    void aProxyIsWrittenInFull(String url, String problem) {
        assertRefused("imageLookup: {proxy: {url: '" + url + "'}}", "imageLookup.proxy.url: is not a proxy: ");
        assertRefused("imageLookup: {proxy: {url: '" + url + "'}}", problem);
        assertThatThrownBy(() ->
                        ConfigurationFile.parse(HEAD + "imageLookup: {proxy: {url: '" + url + "'}}", "unroot.yaml"))
                .hasMessageNotContaining("ret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://a.example", "a/b", "10.0.0.0/99", "10.0.0.0/", "''", "' '", "a b", "'a,b'", "a..b", "a:b"
            })
    void anExceptionThatExceptsNothingIsRefused(String entry) {
        assertRefused(
                "imageLookup: {proxy: {url: 'http://proxy:1', noProxy: [" + entry + "]}}",
                "imageLookup.proxy.noProxy[0]: ");
    }

    @Test
    void anExceptionIsTaken() {
        assertTaken("imageLookup: {proxy: {url: 'http://proxy:1', noProxy: ['*', '*.a.example', .b.example, c, "
                + "'c:5000', 10.0.0.7, '10.0.0.7:80', 10.0.0.0/8, 'fd00::/8', 'fd00::1', '[fd00::1]:5000', d.]}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[                      | names are matched in full and begin with the registry",
                "''                     | names are matched in full and begin with the registry",
                "nginx                  | names are matched in full and begin with the registry",
                "library/nginx          | names are matched in full and begin with the registry",
                "ghcr.io                | names are matched in full and begin with the registry",
                "a..b/c                 | names are matched in full and begin with the registry",
                "' ghcr.io/a'           | it begins or ends with a blank",
                "'ghcr.io/a '           | it begins or ends with a blank",
                "a**b                   | ** stands for whole parts of a name",
                "ghcr.io/team**         | ** stands for whole parts of a name",
                "ghcr.io/***            | ** stands for whole parts of a name",
                "https://ghcr.io/team/* | names are without https://",
                "ghcr.io//a             | a part between its slashes is empty",
                "ghcr.io/team/          | a part between its slashes is empty",
                "ghcr.io/team/app:1     | names are matched without tag and digest",
                "ghcr.io/a@sha256:1     | names are matched without tag and digest",
                "ghcr.io/Team/*         | parts of a repository are small letters and digits",
                "ghcr.io/a/.b           | parts of a repository are small letters and digits",
                "ghcr.io/a/[bc]         | parts of a repository are small letters and digits",
                "docker.io/nginx        | names on Docker Hub have two parts at least",
                "docker.io/*            | names on Docker Hub have two parts at least",
                "index.docker.io/a/b    | Docker Hub is docker.io in names",
            })
    void aGlobThatMatchesNoImageIsRefused(String glob, String problem) {
        assertRefused(
                "exemptions: {images: ['" + glob + "']}",
                "exemptions.images[0]: \"" + glob + "\" matches no image: " + problem);
        assertRefused("imageLookup: {trustTags: ['" + glob + "']}", "imageLookup.trustTags[0]: \"" + glob);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "**",
                "**/nginx",
                "*/team/app",
                "ghcr.io/**",
                "ghcr.io/*",
                "ghcr.io/team/app-*",
                "docker.io/**",
                "docker.io/*/*",
                "docker.io/library/nginx",
                "localhost/a",
                "localhost:5000/a",
                "[::1]:5000/a/**",
                "*.example.com/a",
                "registry.example:*/a",
                "Registry/a",
                "ghcr.io/a__b/c--d.e"
            })
    void aGlobIsTaken(String glob) {
        assertTaken("exemptions: {images: ['" + glob + "']}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "namespaces: [kube-*]         | exemptions.namespaces[0]: \"kube-*\" cannot be a namespace's name",
                "namespaces: [Shop]           | exemptions.namespaces[0]: \"Shop\" cannot be a namespace's name",
                "namespaces: [a.b]            | exemptions.namespaces[0]: \"a.b\" cannot be a namespace's name",
                "namespaces: [-a]             | exemptions.namespaces[0]: \"-a\" cannot be a namespace's name",
                "namespaces: ['']             | exemptions.namespaces[0]: \"\" cannot be a namespace's name",
                "namespaces: [a, ~]           | exemptions.namespaces[1] is empty: write a value or remove it",
                "usernames: [null]            | exemptions.usernames[0] is empty: write a value or remove it",
                "usernames: ['']              | exemptions.usernames[0]: is empty",
                "usernames: ['jane ']         | exemptions.usernames[0]: \"jane \" begins or ends with a blank",
                "runtimeClasses: [Kata]       | exemptions.runtimeClasses[0]: \"Kata\" cannot be a RuntimeClass's name",
                "runtimeClasses: ['kata-*']   | exemptions.runtimeClasses[0]: \"kata-*\" cannot be a RuntimeClass's name",
                "runtimeClasses: [~]          | exemptions.runtimeClasses[0] is empty: write a value or remove it",
                "images: [~]                  | exemptions.images[0] is empty: write a value or remove it",
            })
    void anExemptionThatExemptsNothingIsRefused(String keys, String problem) {
        assertRefused("exemptions: {" + keys + "}", problem);
    }

    @Test
    void namesAsLongAsTheyMayBeAreTaken() {
        assertTaken(
                "exemptions: {namespaces: [" + LONG.substring(1) + ", '1'], usernames: ['system:serviceaccount:a:b', "
                        + "'Jane Doe', '*'], runtimeClasses: [kata, a.b]}");
        assertRefused("exemptions: {namespaces: [" + LONG + "]}", "cannot be a namespace's name");
    }

    @Test
    void aNamespaceOfStandaloneModeHasAName() {
        assertRefused(
                "namespaces: {Shop_1: {enforce: nonroot}}", "namespaces: \"Shop_1\" cannot be a namespace's name");
    }

    @Test
    void aNullIsNoValueWhereOneIsNeeded() {
        assertRefused("imageLookup: {registries: [{host: }]}", "imageLookup.registries[0].host is missing");
        assertRefused("imageLookup: {registries: [~]}", "imageLookup.registries[0].host is missing");
        assertThatThrownBy(() -> ConfigurationFile.parse("apiVersion:\nkind: UnrootConfiguration", "unroot.yaml"))
                .hasMessage("unroot.yaml:1: apiVersion is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a/b/c             | Rollout  | spec.template      | apiVersion: \"a/b/c\" cannot be an apiVersion",
                "argoproj.io/      | Rollout  | spec.template      | apiVersion: \"argoproj.io/\" cannot be an apiVersion",
                "/v1               | Rollout  | spec.template      | apiVersion: \"/v1\" cannot be an apiVersion",
                "Argo.io/v1        | Rollout  | spec.template      | apiVersion: \"Argo.io/v1\" cannot be an apiVersion",
                "argoproj.io/1     | Rollout  | spec.template      | apiVersion: \"argoproj.io/1\" cannot be an apiVersion",
                "argoproj.io/v1    | rollout  | spec.template      | kind: \"rollout\" cannot be a kind",
                "argoproj.io/v1    | Roll-out | spec.template      | kind: \"Roll-out\" cannot be a kind",
                "argoproj.io/v1    | Rollout  | spec.templates[0]  | podTemplate: \"spec.templates[0]\" is not a field path",
                "argoproj.io/v1    | Rollout  | metadata.template  | podTemplate: \"metadata.template\" holds no pod template",
                "argoproj.io/v1    | Rollout  | kind               | podTemplate: \"kind\" holds no pod template",
                "argoproj.io/v1    | Rollout  | spec.template.spec | podTemplate: \"spec.template.spec\" is the spec of a template",
            })
    void aKindThatCannotBeIsRefused(String apiVersion, String kind, String template, String problem) {
        assertRefused(
                "workloads: {custom: [{apiVersion: %s, kind: %s, podTemplate: '%s'}]}"
                        .formatted(apiVersion, kind, template),
                "workloads.custom[0]." + problem);
    }

    @Test
    void aKindIsThereOnceWhateverItsVersion() {
        assertRefused(
                "workloads: {custom: [{apiVersion: a.example/v1, kind: A, podTemplate: spec.template}, "
                        + "{apiVersion: a.example/v2, kind: A, podTemplate: spec.pod}]}",
                "workloads.custom lists A of a.example/v2 twice, and versions of a group are one kind here: remove one");
        assertTaken("workloads: {custom: [{apiVersion: a.example/v1, kind: A, podTemplate: spec.podTemplate}, "
                + "{apiVersion: b.example/v1, kind: A, podTemplate: spec}]}");
    }

    @Test
    void whatWasTakenIsWhatWasWritten() throws ConfigurationException {
        assertThat(ConfigurationFile.parse(HEAD + "exemptions: {images: ['ghcr.io/**']}", "unroot.yaml")
                        .review()
                        .judging()
                        .exemptions()
                        .images())
                .hasToString("[ghcr.io/**]");
    }
}
