package dev.unroot.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.certificate.CertificateOptions;
import dev.unroot.certificate.Lifetimes;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.ConfiguredFile;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.review.Modes;
import dev.unroot.review.OnUnverified;
import dev.unroot.review.ReviewSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
    private static final String HEAD = "apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\n";

    @Test
    void aFileWithNothingButItsKindIsTheDefault() throws ConfigurationException {
        Configuration configuration = ConfigurationFile.parse(HEAD, "unroot.yaml");
        assertThat(configuration)
                .usingRecursiveComparison()
                .ignoringFields("review.judging.policy.trustTags")
                .isEqualTo(Configuration.DEFAULT);
        assertThat(configuration.review().judging().policy().trustTags()).hasToString("[*]");
    }

    @Test
    void theDocumentedFileIsTheDefaultToo() throws Exception {
        Matcher yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/configuration.md")));
        assertThat(yaml.find()).isTrue();
        assertThat(ConfigurationFile.parse(yaml.group(1), "docs"))
                .usingRecursiveComparison()
                .ignoringFields("review.judging.policy.trustTags", "platformsWritten", "enforceDefault")
                .isEqualTo(Configuration.DEFAULT);
    }

    @Test
    void everyCauseIsDocumented() throws IOException {
        String page = Files.readString(Path.of("docs/configuration.md"));
        for (UnknownCause cause : UnknownCause.values()) {
            assertThat(page).contains("`" + cause.label() + "`");
        }
    }

    @Test
    void everyKeyIsRead() throws ConfigurationException {
        Configuration configuration = ConfigurationFile.parse(HEAD + """
                        defaults: {enforce: nonroot, warn: explicit, audit: none}
                        floor: nonroot
                        exemptions: {namespaces: [kube-system], usernames: [jane], runtimeClasses: [kata], images: ["ghcr.io/team/*"]}
                        userNamespaces: strict
                        workloads:
                          enforce: true
                          custom: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, podTemplate: spec.template}]
                        imageLookup:
                          onUnverified: {default: allow, timeout: warn, notFound: deny}
                          timeout: 3s
                          advisoryWait: 0
                          trustTags: ["registry.example/**"]
                          platforms: [linux/arm64/v8]
                          limits: {lookups: 9, lookupsPerRegistry: 4, waiting: 0}
                          cache: {maxImages: 7, tagTtl: 1m, staleIfError: 0s}
                          pullSecrets: {namespaces: [shop, team-a]}
                          registries: [{host: "registry.example:5000", mirrors: [m.example/hub, "n.example:5000"], caFile: /ca.crt, plainHttp: true, allowPrivate: true, credentials: /registry.json, tokenServices: [tokens.example]}]
                          dockerConfig: /docker/config.json
                          credentialHelpers: /helpers
                        namespaces: {shop: {enforce: hardened, warn: none}}
                        certificates:
                          certFile: tls.crt
                          keyFile: tls.key
                          caFile: ca.crt
                          service: unroot
                          namespace: unroot-system
                          webhookConfiguration: unroot.dev
                          clientCaFile: clients.crt
                          clientNames: [kube-apiserver]
                        leaderElection: {leaseName: unroot, namespace: unroot-system}
                        shutdown: {drainDelay: 15s}
                        """, "unroot.yaml");
        ReviewSettings review = configuration.review();
        assertThat(review.defaults()).isEqualTo(new Modes(Level.NONROOT, Level.EXPLICIT, Level.NONE));
        assertThat(configuration.enforceDefault()).isEqualTo(Level.NONROOT);
        assertThat(review.floor()).isEqualTo(Level.NONROOT);
        assertThat(review.judging().exemptions().namespaces()).containsExactly("kube-system");
        assertThat(review.judging().exemptions().usernames()).containsExactly("jane");
        assertThat(review.judging().exemptions().runtimeClasses()).containsExactly("kata");
        assertThat(review.judging().exemptions().images()).hasToString("[ghcr.io/team/*]");
        assertThat(review.judging().policy().relaxForUserNamespaces()).isFalse();
        assertThat(review.enforceWorkloads()).isTrue();
        assertThat(review.templates())
                .usingRecursiveComparison()
                .isEqualTo(new PodTemplates(
                        List.of(new PodTemplates.Custom("argoproj.io/v1alpha1", "Rollout", "spec.template"))));
        Configuration.ImageLookup lookup = configuration.imageLookup();
        assertThat(review.judging().otherwise()).isEqualTo(OnUnverified.ALLOW);
        assertThat(review.judging().onUnverified())
                .isEqualTo(Map.of(UnknownCause.TIMEOUT, OnUnverified.WARN, UnknownCause.NOT_FOUND, OnUnverified.DENY));
        assertThat(lookup.cache().timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(review.judging().advisoryWait()).isZero();
        assertThat(review.judging().policy().trustTags()).hasToString("[registry.example/**]");
        assertThat(review.judging().platforms()).containsExactly(Platform.parse("linux/arm64/v8"));
        assertThat(lookup.cache())
                .isEqualTo(new CacheOptions(7, Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(3), 9, 4, 0));
        assertThat(lookup.registries())
                .containsExactly(TestRegistryOptions.of("registry.example:5000")
                        .withMirrors("m.example/hub", "n.example:5000")
                        .withCaFile(Path.of("/ca.crt"))
                        .withPlainHttp()
                        .withAllowPrivate()
                        .withCredentials(Path.of("/registry.json"))
                        .withTokenServices("tokens.example")
                        .build());
        assertThat(lookup.ownCredentials())
                .isEqualTo(new Configuration.OwnCredentials(file("/docker/config.json"), file("/helpers")));
        assertThat(lookup.pullSecrets().include("team-a")).isTrue();
        assertThat(lookup.pullSecrets().include("team-b")).isFalse();
        assertThat(configuration.namespaces())
                .isEqualTo(Map.of("shop", Map.of("unroot.dev/enforce", "hardened", "unroot.dev/warn", "none")));
        assertThat(configuration.certificates())
                .isEqualTo(new CertificateOptions(
                        new CertificateOptions.ServedFiles(file("tls.crt"), file("tls.key")),
                        file("ca.crt"),
                        null,
                        Lifetimes.DEFAULT,
                        new CertificateOptions.Called("unroot.dev", "unroot", "unroot-system"),
                        new CertificateOptions.Clients(file("clients.crt"), Set.of("kube-apiserver"))));
        assertThat(configuration.leaderElection())
                .isEqualTo(new Configuration.LeaderElection("unroot", "unroot-system"));
        assertThat(configuration.drainDelay()).isEqualTo(Duration.ofSeconds(15));
    }

    /** Two are equal wherever they are named. */
    private static ConfiguredFile file(String path) {
        return new ConfiguredFile(Path.of(path), "anywhere");
    }

    @Test
    void aSelfManagedCertificateIsRead() throws ConfigurationException {
        Configuration configuration = ConfigurationFile.parse(
                HEAD + "certificates: {secret: unroot-tls, service: unroot, webhookConfiguration: unroot.dev,"
                        + " caLifetime: 720h, leafLifetime: 24h}",
                "unroot.yaml");
        assertThat(configuration.certificates())
                .isEqualTo(new CertificateOptions(
                        null,
                        null,
                        "unroot-tls",
                        new Lifetimes(Duration.ofDays(30), Duration.ofDays(1)),
                        new CertificateOptions.Called("unroot.dev", "unroot", null),
                        null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "certFile: a, keyFile: b, secret: s, service: x, webhookConfiguration: y | certificates has both secret and certFile",
                "certFile: a | certificates needs certFile and keyFile together",
                "keyFile: a | certificates needs certFile and keyFile together",
                "secret: s | certificates.secret needs service and webhookConfiguration",
                "secret: s, service: x | certificates.secret needs service and webhookConfiguration",
                "secret: s, webhookConfiguration: y | certificates.secret needs service and webhookConfiguration",
                "secret: Bad_Name | certificates.secret: \"Bad_Name\" cannot be an object's name",
                "certFile: a, keyFile: b, service: x | certificates needs service and webhookConfiguration together",
                "certFile: a, keyFile: b, namespace: n | certificates.namespace needs service and webhookConfiguration",
                "service: x, webhookConfiguration: y | certificates needs a secret, or certFile and keyFile",
                "caFile: a | certificates.caFile verifies the certificate of certFile and keyFile",
                "certFile: a, keyFile: b, leafLifetime: 1h | certificates.caLifetime and leafLifetime need secret",
                "secret: s, service: x, webhookConfiguration: y, leafLifetime: 20000h | must be at least three times leafLifetime",
                "secret: s, service: x, webhookConfiguration: y, leafLifetime: 1s | certificates.leafLifetime: must be between 10s and",
                "clientNames: [a] | certificates.clientNames needs clientCaFile",
            })
    void certificatesThatDoNotFitTogetherAreRefused(String keys, String problem) {
        assertThatThrownBy(() -> ConfigurationFile.parse(HEAD + "certificates: {" + keys + "}", "unroot.yaml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("unroot.yaml:3: ")
                .hasMessageContaining(problem);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnceWithItsLine() {
        assertThatThrownBy(() -> ConfigurationFile.parse("""
                        apiVersion: unroot.dev/v2
                        kind: UnrootConfiguration
                        floor: high
                        flor: none
                        defaults: {enforce: Nonroot, warning: none}
                        imageLookup:
                          timeout: fast
                          platforms: []
                          registries:
                            - {plainHttp: yes}
                            - {host: "https://ghcr.io"}
                        exemptions: [kube-system]
                        namespaces: {shop: {enforce: tight}}
                        certificates: {certFile: a.crt}
                        """, "unroot.yaml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "unroot.yaml:1: apiVersion: is \"unroot.dev/v2\", and only unroot.dev/v1 is known",
                        "unroot.yaml:3: floor: \"high\" is no level: write none, nonroot, hardened or explicit",
                        "unroot.yaml:4: unknown key flor: known are apiVersion, kind, defaults",
                        "unroot.yaml:5: defaults.enforce: \"Nonroot\" is no level",
                        "unroot.yaml:5: unknown key defaults.warning: known are enforce, warn, audit",
                        "unroot.yaml:7: imageLookup.timeout: \"fast\" is not a duration",
                        "imageLookup.platforms is empty",
                        "unroot.yaml:10: imageLookup.registries[0].host is missing",
                        "unroot.yaml:10: imageLookup.registries[0].plainHttp: \"yes\": write true or false",
                        "unroot.yaml:11: imageLookup.registries[1].host: \"https://ghcr.io\" is not a registry's host",
                        "unroot.yaml:12: exemptions must be a mapping",
                        "unroot.yaml:13: namespaces.shop.enforce: \"tight\" is no level",
                        "unroot.yaml:14: certificates needs certFile and keyFile together");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | unroot.yaml:1: is empty",
                "'{' | is not YAML",
                "'\tfloor: none' | unroot.yaml:1: is not YAML: a tab stands where a line is indented, or begins something: indent with spaces",
                "'[a]' | the file must be a mapping",
                "'floor: none\nfloor: nonroot' | unroot.yaml:2: floor is there twice",
                "'? [a]\n: b' | a key must be text",
                "'kind: [a]' | kind must be a single value",
                "'workloads: {custom: {}}' | workloads.custom must be a list",
                "'workloads: {custom: [{apiVersion: a/v1, kind: B, podTemplate: .spec}]}' | is not a field path",
                "'imageLookup: {cache: {maxImages: 0}}' | write a whole number from 1 to",
                "'imageLookup: {timeout: 0s}' | must be more than zero",
                "'imageLookup: {onUnverified: {nofound: deny}}' | unknown key imageLookup.onUnverified.nofound",
                "'imageLookup: {pullSecrets: {namespaces: [team-*]}}' | write names in full, or \"*\" for all of them",
                "'imageLookup: {pullSecrets: cluster}' | imageLookup.pullSecrets must be a mapping",
                "'imageLookup: {registries: [{host: a.example, clientCertFile: a.crt}]}' | needs clientCertFile and clientKeyFile together",
                "'imageLookup: {registries: [{host: a.example}, {host: A.example}]}' | imageLookup.registries has A.example twice",
                "'imageLookup: {registries: [{host: a.example, mirrors: [\"https://m\"]}]}' | registries[0].mirrors[0]: \"https://m\" is not a mirror",
                "'imageLookup: {registries: [{host: a.example, mirrors: [a.example]}]}' | a.example is its own mirror",
                "'imageLookup: {registries: [{host: a.example, tokenServices: [\"https://b\"]}]}' | registries[0].tokenServices[0]: \"https://b\" is not a registry's host",
                "'imageLookup: {dockerConfig: \"\"}' | imageLookup.dockerConfig: is empty",
                "'leaderElection: {namespace: a}' | leaderElection.namespace needs leaseName",
                "'shutdown: {drainDelay: 1h}' | shutdown.drainDelay: must be 10m at most",
                "'reports: {on: true}' | unknown key reports.on: nothing can be set here yet",
                "'kind: UnrootConfiguration\n---\nfloor: none' | unroot.yaml:2: holds another document, and a configuration is one: remove the other",
                "'imageLookup: {platforms: [linux/amd64, darwin/arm64]}' | unroot.yaml:1: imageLookup.platforms[1]:"
                        + " \"darwin/arm64\" is no platform of a Kubernetes node: did you mean linux/arm64?",
                "'imageLookup:\n  timeout: 1s\n  platforms: []' | unroot.yaml:3: imageLookup.platforms is empty",
                "'leaderElection: {enabled: true}' | unknown key leaderElection.enabled: known are leaseName, namespace",
            })
    void aBadFileIsRefused(String text, String problem) {
        assertThatThrownBy(() -> ConfigurationFile.parse(text, "unroot.yaml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void whatIsWrongIsToldFromTopToBottomAndOnce() {
        assertThatThrownBy(() -> ConfigurationFile.parse(HEAD + """
                        imageLookup:
                          platforms: [amd64]
                          timeout: fast
                        floor: high
                        """, "unroot.yaml"))
                .satisfies(e -> assertThat(e.getMessage().lines())
                        .extracting(line -> line.substring(0, "unroot.yaml:4".length()))
                        .containsExactly("unroot.yaml:4", "unroot.yaml:5", "unroot.yaml:6"));
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> ConfigurationFile.read(folder.resolve("none.yaml")))
                .hasMessageContaining("none.yaml: cannot be read");
        Path latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
        assertThatThrownBy(() -> ConfigurationFile.read(latin)).hasMessageContaining("is not UTF-8 text");
        assertThatThrownBy(() -> ConfigurationFile.read(folder))
                .hasMessage(folder + ": cannot be read: it is a directory");
        Path large = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> ConfigurationFile.read(large)).hasMessageContaining("larger than 1 MiB");
    }

    /** Its pods are judged where they are known to be: an entry could otherwise switch that off. */
    @Test
    void aBuiltInKindIsNoCustomOne() {
        assertThatThrownBy(() -> ConfigurationFile.parse(HEAD + """
                        workloads:
                          custom:
                            - {apiVersion: v1, kind: Pod, podTemplate: spec}
                            - {apiVersion: apps/v1, kind: Deployment, podTemplate: spec.tmpl}
                        """, "unroot.yaml"))
                .hasMessageContaining("workloads.custom lists Pod of v1, which is built in: remove it")
                .hasMessageContaining("workloads.custom lists Deployment of apps/v1, which is built in: remove it");
    }

    @Test
    void noPasswordThatStandsInTheWrongPlaceIsRepeated() {
        assertThatThrownBy(() -> ConfigurationFile.parse(HEAD + """
                        imageLookup:
                          allowHosts: ["https://bob:SECRETPW@a"]
                          proxy: {url: "ftp://bob:SECRETPW@a"}
                          dockerConfig: "https://bob:SECRET/PW@a"
                          registries:
                            - host: "user:SECRETPW@f.example"
                            - {host: a.example, mirrors: ["http://user:SECRETPW@m"], tokenServices: ["https://x:SECRETPW@y"]}
                            - {host: b.example, credentials: "https://bob:SECRETPW@a"}
                        """, "unroot.yaml"))
                .hasMessageContaining("mirrors[0]")
                .hasMessageContaining("allowHosts[0]")
                .hasMessageContaining("dockerConfig: \"…@a\" is an address: name a file")
                .hasMessageNotContaining("SECRET");
    }
}
