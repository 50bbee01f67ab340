package dev.unroot.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.CredentialKey;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.credentials.Credentials.Candidates;
import dev.unroot.registry.credentials.OperatorCredentials.ConfigFile;
import dev.unroot.review.ImageQuery.PullIdentity;
import dev.unroot.review.PullSecret;
import dev.unroot.review.PullSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodCredentialsTest {
    private static final String CONFIG_JSON = "kubernetes.io/dockerconfigjson";
    private static final ImageReference IMAGE = ImageReference.parse("registry.example/team/app:1");
    private static final PullIdentity POD = new PullIdentity("team", List.of("a", "b"), "default");

    @TempDir
    private Path folder;

    private final List<PullSecret> secrets = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<ConfigFile> files = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    private PodCredentials credentials() throws IOException {
        return credentials((identity, deadline) -> CompletableFuture.completedFuture(
                identity.namespace() == null ? PullSecrets.Found.NOTHING : new PullSecrets.Found(secrets, problems)));
    }

    private PodCredentials credentials(PullSecrets port) throws IOException {
        OperatorCredentials own =
                OperatorCredentials.open(files, new HelperFolders(folder, List.of()), Ticker.systemTicker());
        open.add(own);
        return new PodCredentials(port, own, "nothing is configured for it", Ticker.systemTicker());
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(60));
    }

    private static List<String> tried(Candidates candidates) {
        return candidates.credentials().stream()
                .map(credential -> credential.name() + " "
                        + (credential.authConfig() instanceof AuthConfig.Password password
                                ? password.password()
                                : credential.authConfig()))
                .toList();
    }

    private Candidates find() throws IOException {
        return credentials().find(IMAGE, POD, soon());
    }

    private Entitlement entitlement() throws IOException {
        return credentials()
                .entitlement(IMAGE, POD, soon())
                .toCompletableFuture()
                .join();
    }

    private static String auths(String... keysAndPasswords) {
        StringBuilder json = new StringBuilder("{\"auths\":{");
        for (int i = 0; i < keysAndPasswords.length; i += 2) {
            json.append(i == 0 ? "" : ",")
                    .append("\"" + keysAndPasswords[i] + "\":{\"username\":\"u\",\"password\":\""
                            + keysAndPasswords[i + 1] + "\"}");
        }
        return json.append("}}").toString();
    }

    private void secret(String name, String... keysAndPasswords) {
        secrets.add(new PullSecret(name, CONFIG_JSON, auths(keysAndPasswords)));
    }

    private String own(String name) {
        return "docker config " + folder.resolve(name);
    }

    private Path config(String name, String json) throws IOException {
        Path file = Files.writeString(folder.resolve(name), json);
        files.add(new ConfigFile(file, null, "unroot.yaml:7: imageLookup.dockerConfig"));
        return file;
    }

    @Test
    void thePodsSecretsComeBeforeTheOperatorsAndTheMostSpecificKeyFirst() throws IOException {
        secret("a", "registry.example", "a-host", "other.example", "a-other");
        secret("b", "registry.example", "b-host", "registry.example/team", "b-team");
        config("config.json", auths("registry.example", "operator", "registry.example/team/app", "operator-app"));

        assertThat(tried(find()))
                .containsExactly(
                        "Secret team/b b-team",
                        "Secret team/a a-host",
                        "Secret team/b b-host",
                        own("config.json") + " operator-app",
                        own("config.json") + " operator");
    }

    @Test
    void anImageOfDockerHubFallsBackToItsIndexOnlyWhereNoSecretMatches() throws IOException {
        ImageReference nginx = ImageReference.parse("nginx");
        secret("a", "https://index.docker.io/v1/", "index");
        assertThat(tried(credentials().find(nginx, POD, soon()))).containsExactly("Secret team/a index");
        assertThat(find().credentials()).containsExactly(Credential.ANONYMOUS);
        secret("b", "docker.io/library", "library");
        assertThat(tried(credentials().find(nginx, POD, soon()))).containsExactly("Secret team/b library");
    }

    @Test
    void nobodyIsAskedForOnlyWhereNothingMatches() throws IOException {
        assertThat(find().credentials()).containsExactly(Credential.ANONYMOUS);
        secret("a", "registry.example.evil.test", "planted", "evil-registry.example", "planted");
        assertThat(find().credentials()).containsExactly(Credential.ANONYMOUS);
        secret("b", "*.example", "b");
        assertThat(tried(find())).containsExactly("Secret team/b b");
    }

    @Test
    void eachIsTriedOnceAndNotEndlesslyMany() throws IOException {
        secret("a", "registry.example", "same", "registry.example/team", "same");
        config("config.json", auths("registry.example", "same"));
        assertThat(tried(find())).containsExactly("Secret team/a same");

        secret(
                "b",
                IntStream.range(0, 100)
                        .boxed()
                        .flatMap(i ->
                                List.of("registry.example/" + "team/app".substring(0, i % 9) + "?" + i, "p" + i)
                                        .stream())
                        .toArray(String[]::new));
        assertThat(find().credentials()).hasSize(16);
        assertThat(entitlement().credentials()).hasSize(16);
    }

    @Test
    void oneBadSecretIsToldByNameAndHidesNoOther() throws IOException {
        secrets.add(new PullSecret("opaque", "Opaque", "planted"));
        secrets.add(new PullSecret("empty", CONFIG_JSON, ""));
        secrets.add(new PullSecret("old", "kubernetes.io/dockercfg", ""));
        secrets.add(new PullSecret("json", CONFIG_JSON, "{planted"));
        secrets.add(
                new PullSecret("base64", CONFIG_JSON, "{\"auths\":{\"registry.example\":{\"auth\":\"planted!\"}}}"));
        problems.add("Secret team/none does not exist");
        assertThat(entitlement().remark())
                .endsWith("; nothing is configured for it")
                .doesNotContain("planted");

        secret("good", "registry.example", "good");
        assertThat(tried(find())).containsExactly("Secret team/good good");
        assertThat(SecretKeyring.of(
                                IMAGE,
                                POD,
                                new PullSecrets.Found(secrets, problems),
                                new SecretReader(Ticker.systemTicker()),
                                new Fingerprints())
                        .problems())
                .containsExactly(
                        "Secret team/none does not exist",
                        "Secret team/opaque is of type Opaque, and a pull secret is of type " + CONFIG_JSON,
                        "Secret team/empty has no key .dockerconfigjson",
                        "Secret team/old has no key .dockercfg",
                        "Secret team/json cannot be read: it is not valid JSON",
                        "Secret team/base64 \"auth\" of \"registry.example\" is not base64 of username:password");
        assertThat(entitlement().remark())
                .startsWith("tried Secret team/good; Secret team/none does not exist; Secret team/opaque is of type");
    }

    @Test
    void tellsWhatWasTriedOrThatNothingMatched() throws IOException {
        assertThat(entitlement().remark()).isEqualTo("asked without credentials: nothing is configured for it");
        secret("a", "other.example", "a");
        assertThat(entitlement().remark())
                .isEqualTo(
                        "asked without credentials: nothing in Secret team/a is for it; nothing is configured for it");
        secret("b", "registry.example", "b");
        assertThat(entitlement().remark()).isEqualTo("tried Secret team/b");
        config("config.json", auths("registry.example", "operator"));
        assertThat(entitlement().remark()).isEqualTo("tried Secret team/b, " + own("config.json"));
    }

    /** Another imagePullSecret would not be looked at either. */
    @Test
    void whereSecretsAreNotReadTheAdministratorsValueIsNamed() throws IOException {
        ImageFacts refused = new ImageFacts.Unknown(UnknownCause.UNAUTHORIZED, "registry r answered 401");
        Entitlement unread = credentials((identity, deadline) ->
                        CompletableFuture.completedFuture(PullSecrets.Found.unread("they are not read")))
                .entitlement(IMAGE, POD, soon())
                .toCompletableFuture()
                .join();
        assertThat(unread.explain(refused))
                .isEqualTo(new ImageFacts.Unknown(
                        UnknownCause.UNAUTHORIZED,
                        "registry r answered 401 (asked without credentials: they are not read; nothing is configured"
                                + " for it)",
                        "Have whoever runs Unroot set the chart's value pullSecrets (imageLookup.pullSecrets) for this"
                                + " namespace"));
        assertThat(((ImageFacts.Unknown) unread.and(NoCredentials.ENTITLEMENT).explain(refused)).fix())
                .contains("pullSecrets");
        assertThat(((ImageFacts.Unknown) entitlement().explain(refused)).fix())
                .isEqualTo("Add an imagePullSecret that may read it");
    }

    @Test
    void aHelperWasTriedOnlyWhereItGaveSomething() throws IOException {
        Scripts scripts = new Scripts(folder);
        scripts.put("empty", "echo 'credentials not found in native keychain'; exit 1");
        config("config.json", "{\"credsStore\":\"empty\"}");
        PodCredentials credentials = credentials();
        Entitlement entitlement = credentials
                .entitlement(IMAGE, POD, soon())
                .toCompletableFuture()
                .join();
        assertThat(credentials.find(IMAGE, POD, soon()).credentials()).containsExactly(Credential.ANONYMOUS);
        assertThat(entitlement.remark())
                .isEqualTo("asked without credentials: credential helper docker-credential-empty has none for it");

        scripts.put("full", Scripts.answer("u", "p"));
        config("second.json", "{\"credHelpers\":{\"registry.example\":\"full\"}}");
        credentials = credentials();
        entitlement = credentials
                .entitlement(IMAGE, POD, soon())
                .toCompletableFuture()
                .join();
        credentials.find(IMAGE, POD, soon());
        assertThat(entitlement.remark())
                .isEqualTo("tried credential helper docker-credential-full; "
                        + "credential helper docker-credential-empty has none for it");
    }

    @Test
    void aPersonsDockerConfigIsCalledTheirs() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.json"), auths("registry.example", "mine"));
        files.add(new ConfigFile(file, null, null));
        assertThat(entitlement().remark()).isEqualTo("tried your docker config " + file);
    }

    @Test
    void aSecretMayNotChooseWhatProgramsAreRun() throws IOException {
        new Scripts(folder).put("test", "touch $FOLDER/started; " + Scripts.answer("u", "p"));
        secrets.add(new PullSecret(
                "a", CONFIG_JSON, "{\"credsStore\":\"test\",\"credHelpers\":{\"registry.example\":\"test\"}}"));
        assertThat(find().credentials()).containsExactly(Credential.ANONYMOUS);
        assertThat(folder.resolve("started")).doesNotExist();
    }

    @Test
    void theOperatorsHelpersAreAskedFirstAndTheStoreOnlyWhereNoneIsNamed() throws IOException {
        Scripts scripts = new Scripts(folder);
        scripts.put("named", "cat > $FOLDER/named; " + Scripts.answer("u", "named"));
        scripts.put("store", "cat > $FOLDER/store; " + Scripts.answer("u", "store"));
        config("config.json", """
            {"credHelpers": {"registry.example": "named"}, "credsStore": "store",
             "auths": {"registry.example": {"username": "u", "password": "auths"}, "docker.io": {}}}
            """);
        PodCredentials credentials = credentials();

        assertThat(tried(credentials.find(IMAGE, POD, soon())))
                .containsExactly("credential helper docker-credential-named named", own("config.json") + " auths");
        assertThat(folder.resolve("named")).hasContent("registry.example");
        assertThat(folder.resolve("store")).doesNotExist();
        assertThat(tried(credentials.find(ImageReference.parse("nginx"), POD, soon())))
                .containsExactly("credential helper docker-credential-store store");
        assertThat(folder.resolve("store")).hasContent("https://index.docker.io/v1/");
    }

    @Test
    void aHelperThatFailsIsAProblemAndHidesNoOther() throws IOException {
        new Scripts(folder).put("test", "echo planted; exit 2");
        config("config.json", "{\"credHelpers\":{\"registry.example\":\"test\"}}");
        Candidates alone = find();
        assertThat(alone.credentials()).containsExactly(Credential.ANONYMOUS);
        assertThat(alone.problems())
                .containsExactly("credential helper docker-credential-test failed with exit status 2");
        config("second.json", auths("registry.example", "second"));
        assertThat(tried(find())).containsExactly(own("second.json") + " second");
    }

    @Test
    void aFileForOneRegistryIsForNoOther() throws IOException {
        Path file = Files.writeString(folder.resolve("one.json"), auths("*.example", "one"));
        files.add(new ConfigFile(file, "registry.example", "unroot.yaml:9: credentials"));
        config("config.json", auths("*.example", "all"));
        assertThat(tried(find())).containsExactly(own("one.json") + " one", own("config.json") + " all");
        assertThat(tried(credentials().find(ImageReference.parse("other.example/app"), POD, soon())))
                .containsExactly(own("config.json") + " all");
    }

    @Test
    void aMirrorIsShownNoSecretOfThePod() throws IOException {
        secret("a", "mirror.example", "a");
        ImageReference atMirror = ImageReference.parse("mirror.example/team/app:1");
        assertThat(credentials().find(atMirror, PullIdentity.NONE, soon()).credentials())
                .containsExactly(Credential.ANONYMOUS);
    }

    @Test
    void keysTellCredentialsApartAndNothingAboutThem() throws IOException {
        secret("a", "registry.example", "planted");
        PodCredentials credentials = credentials();
        CredentialKey key = keys(credentials, POD).get(0);
        assertThat(key.value()).matches("secret-[0-9a-f]{64}");
        assertThat(keys(credentials, new PullIdentity("other", List.of("z"), null)))
                .containsExactly(key);
        assertThat(keys(credentials(), POD)).as("of another process").doesNotContain(key);

        secrets.clear();
        secret("a", "registry.example", "rotated");
        assertThat(keys(credentials, POD)).hasSize(1).doesNotContain(key);
        secrets.clear();
        assertThat(keys(credentials, POD)).isEmpty();
    }

    private static List<CredentialKey> keys(PodCredentials credentials, PullIdentity identity) {
        return credentials
                .entitlement(IMAGE, identity, soon())
                .toCompletableFuture()
                .join()
                .credentials();
    }

    @Test
    void partsOfAProofDoNotRunIntoEachOther() {
        Fingerprints fingerprints = new Fingerprints();
        assertThat(fingerprints.of(new AuthConfig.Password("ab", "c")))
                .isNotEqualTo(fingerprints.of(new AuthConfig.Password("a", "bc")))
                .isEqualTo(fingerprints.of(new AuthConfig.Password("ab", "c")));
        assertThat(fingerprints.of(new AuthConfig.IdentityToken("t")))
                .isNotEqualTo(fingerprints.of(new AuthConfig.RegistryToken("t")));
    }

    @Test
    void secretsThatComeLateAreWaitedForOnAWorkerAndByNobodyElse() throws Exception {
        CompletableFuture<PullSecrets.Found> late = new CompletableFuture<>();
        PodCredentials credentials = credentials((identity, deadline) -> late);
        CompletableFuture<Entitlement> entitlement =
                credentials.entitlement(IMAGE, POD, soon()).toCompletableFuture();
        assertThat(entitlement).isNotDone();
        assertThat(credentials
                        .find(IMAGE, POD, Deadline.in(Duration.ofMillis(20)))
                        .credentials())
                .containsExactly(Credential.ANONYMOUS);
        CompletableFuture<Candidates> found = CompletableFuture.supplyAsync(() -> credentials.find(IMAGE, POD, soon()));

        secret("a", "registry.example", "a");
        late.complete(new PullSecrets.Found(secrets, List.of()));
        assertThat(entitlement.get(60, TimeUnit.SECONDS).credentials()).hasSize(1);
        assertThat(tried(found.get(60, TimeUnit.SECONDS))).containsExactly("Secret team/a a");
    }
}
