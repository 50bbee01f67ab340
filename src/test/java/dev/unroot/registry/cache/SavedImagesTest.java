package dev.unroot.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.common.Deadline;
import dev.unroot.model.Account;
import dev.unroot.model.Confidence;
import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.remote.RemoteOptions;
import dev.unroot.registry.remote.RemoteRegistry;
import dev.unroot.registry.remote.TestRegistry;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What survives a restart, and what does not. */
class SavedImagesTest {
    private static final Platform AMD64 = Platform.parse("linux/amd64");
    private static final String DIGEST = "sha256:" + "a".repeat(64);

    @TempDir
    private Path folder;

    private final AtomicInteger fileErrors = new AtomicInteger();
    private Path file;
    private boolean handOver;
    private Vertx vertx;
    private TestRegistry registry;

    @BeforeEach
    void start() {
        file = folder.resolve("images.jsonl");
        vertx = Vertx.vertx();
        registry = TestRegistry.http(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        registry.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private List<ImageFacts> run(String... images) {
        LookupListener listener = new LookupListener() {
            @Override
            public void answeredFromMemory() {}

            @Override
            public void lookedUp(String outcome) {}

            @Override
            public void fileFailed() {
                fileErrors.incrementAndGet();
            }
        };
        RemoteOptions options = RemoteOptions.of(TrustZone.STRANGERS)
                .with(List.of(
                        RegistryOptions.of(registry.host()).withPlainHttp().withAllowPrivate()));
        List<ImageFacts> answers = new ArrayList<>();
        try (RemoteRegistry remote = new RemoteRegistry(vertx, options);
                CachingImageUsers users = new CachingImageUsers(
                        remote,
                        new ImageReader(remote, Limits.DEFAULT),
                        Detail.USER,
                        CacheOptions.DEFAULT.with(
                                1_000, Duration.ofMinutes(5), Duration.ofHours(24), Duration.ofSeconds(60)),
                        System::nanoTime,
                        listener);
                SavedImages saved = users.saveTo(file)) {
            if (handOver) {
                saved.handOver();
            }
            for (String image : images) {
                ImageQuery query = new ImageQuery(
                        ImageReference.parse(registry.host() + "/" + image), List.of(AMD64), PullIdentity.NONE);
                answers.add(users.find(query, Deadline.in(Duration.ofSeconds(60)))
                        .toCompletableFuture()
                        .orTimeout(90, TimeUnit.SECONDS)
                        .join());
            }
        }
        return answers;
    }

    @Test
    void aRestartCostsAHeadForEachImage() {
        Digest digest = registry.image("app", "1", "1000");
        ImageFacts before = run("app:1").get(0);
        registry.forgetRequests();

        assertThat(run("app:1", "app:1", "app@" + digest))
                .containsExactly(before, before, ((ImageFacts.Known) before).as(Confidence.DIGEST));
        assertThat(registry.requests()).containsExactly("HEAD /v2/app/manifests/1", "HEAD /v2/app/manifests/" + digest);
    }

    /** After a reload: the one before goes on a while, and learns what reviews in flight ask. */
    @Test
    void whoHasHandedOverWritesNoMore() throws IOException {
        registry.image("app", "1", "1000");
        registry.image("app", "2", "1000");
        handOver = true;
        run("app:1");
        assertThat(file).as("not even at its end").doesNotExist();
        handOver = false;
        run("app:2");
        String next = Files.readString(file);
        handOver = true;
        run("app:1");
        assertThat(Files.readString(file)).isEqualTo(next);
    }

    @Test
    void whoeverMayNoLongerReadItIsNotAnswered() {
        registry.image("app", "1", "1000");
        run("app:1");
        registry.requireToken("Basic realm=\"x\"", "secret");
        assertThat(((ImageFacts.Unknown) run("app:1").get(0)).cause()).isEqualTo(UnknownCause.UNAUTHORIZED);
    }

    @Test
    void aTagThatMovedMeanwhileIsReadAnew() {
        registry.image("app", "1", "1000");
        run("app:1");
        registry.image("app", "1", "2000");
        ImageFacts.Known moved = (ImageFacts.Known) run("app:1").get(0);
        assertThat(moved.users().get(0).user().uid()).isEqualTo(2000L);
    }

    @Test
    void holdsNeitherReferencesNorHosts() throws IOException {
        registry.image("team-of-ours/app", "secret-tag", "1000");
        run("team-of-ours/app:secret-tag");
        assertThat(Files.readString(file))
                .contains("sha256:")
                .doesNotContain("team-of-ours", "secret-tag", "127.0.0.1");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFileThatIsNotToBeTrustedIsLeftAloneUntilThereIsSomethingNew() throws IOException {
        registry.image("app", "1", "1000");
        run("app:1");
        String good = Files.readString(file);
        List<String> bad = List.of(
                "",
                "not json\n",
                "{}\n",
                good.replace("unroot.dev/image-users", "something.else"),
                good.replace("\"version\":2", "\"version\":1"),
                good.replace("\"rules\":" + ImageReader.RULES, "\"rules\":0"),
                good.replace("\"raw\":\"1000\"", "\"raw\":\"2000\""),
                good.substring(0, good.length() - 10),
                good.substring(0, good.indexOf('\n') + 1),
                good.replaceFirst("\n", "\n" + "x".repeat(70_000) + "\n"),
                "[".repeat(60_000) + "\n");
        for (String content : bad) {
            Files.writeString(file, content);
            fileErrors.set(0);
            registry.forgetRequests();
            run();
            assertThat(fileErrors)
                    .as(content.substring(0, Math.min(80, content.length())))
                    .hasValue(1);
            assertThat(Files.readString(file)).isEqualTo(content);
            run("app:1");
            assertThat(registry.requests()).first().isEqualTo("GET /v2/app/manifests/1");
            assertThat(Files.readString(file)).isEqualTo(good);
        }
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws IOException {
        Files.writeString(file, "{}\n".repeat((int) (FactsFile.MOST_BYTES / 3) + 1));
        run();
        assertThat(fileErrors).hasValue(1);
    }

    @Test
    void whatCannotBeWrittenIsCountedAndStopsNothing() {
        file = folder.resolve("missing").resolve("images.jsonl");
        registry.image("app", "1", "1000");
        assertThat(run("app:1").get(0)).isInstanceOf(ImageFacts.Known.class);
        assertThat(fileErrors).hasValue(1);
    }

    @Test
    void aDirectoryWillDo() {
        file = folder;
        registry.image("app", "1", "1000");
        run("app:1");
        assertThat(folder.resolve("image-users.jsonl")).exists();
        registry.forgetRequests();
        run("app:1");
        assertThat(registry.requests()).containsExactly("HEAD /v2/app/manifests/1");
    }

    @Test
    void everyKindOfUserComesBackAsItWas() throws IOException {
        List<ImageUser> users = List.of(
                new ImageUser.Unset("", null),
                new ImageUser.Unset(":5", 5L),
                new ImageUser.Numeric("1000:7", 1000L, 7L),
                new ImageUser.OutOfRange("4294967296", true),
                new ImageUser.Windows("ContainerUser"),
                new ImageUser.Named("app", new Account.Row(1000, 1001, true)),
                new ImageUser.Named("app", new Account.Row(0, 0, false)),
                new ImageUser.Named("\u20acpp\n\"", new Account.Missing()),
                new ImageUser.Named("app", new Account.NoPasswd()),
                new ImageUser.Named(
                        "app",
                        new Account.Undeterminable(UnknownCause.UNDETERMINABLE, "but its /etc/passwd is a link")));
        Set<Class<?>> kinds = new HashSet<>();
        for (ImageUser user : users) {
            kinds.add(user.getClass());
            if (user instanceof ImageUser.Named named) {
                kinds.add(named.account().getClass());
            }
        }
        assertThat(kinds)
                .contains(ImageUser.class.getPermittedSubclasses())
                .contains(Account.class.getPermittedSubclasses());
        List<ImageKey.Entry> entries = new ArrayList<>();
        for (ImageUser user : users) {
            entries.add(new ImageKey.Entry(
                    new ImageKey(DIGEST, List.of(AMD64, Platform.parse("linux/arm/v7"))),
                    new ImageFacts.Known(
                            DIGEST,
                            Confidence.DIGEST,
                            List.of(new PlatformUser(AMD64, user)),
                            List.of(Platform.parse("linux/arm/v7")))));
        }
        PlatformUser elsewhere =
                new PlatformUser(AMD64, users.get(0), List.of(ContainerRuntime.CONTAINERD_2_0, ContainerRuntime.CRI_O));
        entries.set(
                0,
                new ImageKey.Entry(
                        new ImageKey(DIGEST, List.of(AMD64)),
                        new ImageFacts.Known(DIGEST, Confidence.DIGEST, List.of(elsewhere), List.of())));
        FactsFile saved = new FactsFile(file);
        saved.write(entries);
        assertThat(saved.read(100)).isEqualTo(entries);
        assertThat(saved.read(3)).isEqualTo(entries.subList(0, 3));
        assertThat(Files.readString(file, StandardCharsets.UTF_8).lines()).hasSize(users.size() + 2);
    }
}
