package dev.unroot.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Answer;
import dev.unroot.registry.CredentialKey;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TagSource;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom a remembered answer may be given to. */
class PrivateImagesTest {
    private static final PullIdentity MEMBER = new PullIdentity("team", List.of("secret"), "default");
    private static final PullIdentity OTHER_MEMBER = new PullIdentity("ops", List.of("secret"), "default");
    private static final PullIdentity STRANGER = new PullIdentity("elsewhere", List.of(), "default");
    private static final byte[] CONFIG =
            bytes("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"User\":\"1000\"}}");
    private static final byte[] MANIFEST = bytes("{\"schemaVersion\":2,\"config\":{\"digest\":\"" + Digest.of(CONFIG)
            + "\",\"size\":" + CONFIG.length + "},\"layers\":[]}");

    private static final byte[] OTHER_MANIFEST = bytes(new String(MANIFEST, StandardCharsets.UTF_8) + " ");

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> asked = new ArrayList<>();
    /** What is in a namespace's Secret. */
    private final Map<String, String> contents = new HashMap<>(Map.of("team", "one", "ops", "two"));

    private boolean refuseMembers;
    /** Repositories that say by HEAD to have the image, and serve nothing. */
    private final Set<String> claiming = new HashSet<>();
    /** Repositories with another image. */
    private final Map<String, byte[]> own = new HashMap<>();

    private final Members source = new Members();
    private final CachingImageUsers users = new CachingImageUsers(
            source,
            new ImageReader(source, Limits.DEFAULT),
            Detail.USER,
            CacheOptions.DEFAULT,
            nanos::get,
            new QuietListener());

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isPublic(ImageReference reference) {
        return !reference.repository().startsWith("members/");
    }

    private List<CredentialKey> shown(PullIdentity identity) {
        return identity.imagePullSecrets().stream()
                .map(secret -> new CredentialKey(contents.getOrDefault(identity.namespace(), secret)))
                .toList();
    }

    /** {@code members/…} is for members; anything else for anyone. */
    private class Members implements TagSource {
        private <T> CompletionStage<T> ask(Pull pull, String what, T answer) {
            asked.add(what + " " + pull.identity().namespace());
            if (claiming.contains(pull.image().repository()) && !what.equals("head")) {
                return CompletableFuture.failedFuture(
                        new LookupException(UnknownCause.NOT_FOUND, "registry answered 404"));
            }
            boolean member = !shown(pull.identity()).isEmpty();
            boolean admitted = member ? !refuseMembers : isPublic(pull.image());
            if (!admitted) {
                return CompletableFuture.failedFuture(
                        new LookupException(UnknownCause.UNAUTHORIZED, "registry answered 401"));
            }
            pull.granted()
                    .givenTo(
                            isPublic(pull.image())
                                    ? CredentialKey.ANYONE
                                    : shown(pull.identity()).get(0));
            return CompletableFuture.completedFuture(answer);
        }

        @Override
        public CompletionStage<Answer<Digest>> digest(Pull pull) {
            return ask(pull, "head", Digest.of(MANIFEST)).thenApply(digest -> Answer.of(pull, digest));
        }

        @Override
        public CompletionStage<Entitlement> entitlement(
                ImageReference reference, PullIdentity identity, Deadline deadline) {
            return CompletableFuture.completedFuture(
                    new Entitlement(shown(identity), () -> "tried " + identity.namespace(), null));
        }

        @Override
        public CompletionStage<Document> manifest(Pull pull, String tagOrDigest) {
            byte[] manifest = own.getOrDefault(pull.image().repository(), MANIFEST);
            return ask(
                    pull, "manifest", new Document(manifest, Digest.of(manifest).toString(), null));
        }

        @Override
        public CompletionStage<byte[]> blob(Pull pull, Descriptor descriptor) {
            return ask(pull, "config", CONFIG);
        }

        @Override
        public <R> CompletionStage<R> layer(Pull pull, Descriptor descriptor, LayerReader<R> reader) {
            throw new IllegalStateException("a numeric USER needs no layer");
        }
    }

    @AfterEach
    void close() {
        users.close();
    }

    private ImageFacts find(String image, PullIdentity identity, Deadline deadline) {
        ImageQuery query =
                new ImageQuery(ImageReference.parse(image), List.of(Platform.parse("linux/amd64")), identity);
        return users.find(query, deadline)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private ImageFacts find(String image, PullIdentity identity) {
        return find(image, identity, Deadline.in(Duration.ofSeconds(20)));
    }

    @Test
    void aPrivateImageAnswersOnlyThoseWhoMayReadIt() {
        String byTag = "registry.example/members/app:1";
        String byDigest = "registry.example/members/app@" + Digest.of(MANIFEST);
        for (String image : List.of(byTag, byDigest)) {
            assertThat(find(image, MEMBER)).isInstanceOf(ImageFacts.Known.class);
            assertThat(find(image, STRANGER)).isInstanceOf(ImageFacts.Unknown.class);
            assertThat(find(image, STRANGER, Deadline.passed())).isInstanceOf(ImageFacts.Unknown.class);
            assertThat(find(image, MEMBER, Deadline.passed())).isInstanceOf(ImageFacts.Known.class);
        }
    }

    @Test
    void anotherMemberIsServedTheContentBeforeItIsToldOfIt() {
        String image = "registry.example/members/app@" + Digest.of(MANIFEST);
        find(image, MEMBER);
        assertThat(find(image, OTHER_MEMBER)).isInstanceOf(ImageFacts.Known.class);
        assertThat(asked).containsExactly("manifest team", "config team", "manifest ops", "config ops");
        nanos.addAndGet(Duration.ofMinutes(6).toNanos());
        find(image, OTHER_MEMBER);
        assertThat(asked).last().isEqualTo("head ops");
    }

    /** Whoever knows the digest can have a registry of his own say that it has it, or the same one for what was mounted. */
    @Test
    void aRepositoryThatClaimsAPrivateDigestTellsNothingOfIt() {
        find("registry.example/members/app@" + Digest.of(MANIFEST), MEMBER);
        claiming.addAll(List.of("claims/app", "members/mounted"));
        for (String repository : List.of("elsewhere.example/claims/app", "registry.example/claims/app")) {
            assertThat(find(repository + "@" + Digest.of(MANIFEST), STRANGER))
                    .as(repository)
                    .isInstanceOf(ImageFacts.Unknown.class);
        }
        // Nor to whoever has guessed the credential, and tries the guess where nobody counts.
        PullIdentity guess = new PullIdentity("elsewhere", List.of("secret"), "default");
        contents.put("elsewhere", "one");
        for (String repository : List.of(
                "elsewhere.example/claims/app", "elsewhere.example/members/mounted", "registry.example/claims/app")) {
            assertThat(find(repository + "@" + Digest.of(MANIFEST), guess))
                    .as(repository)
                    .isInstanceOf(ImageFacts.Unknown.class);
        }
    }

    @Test
    void aTagThatMovesToAPrivateDigestTellsNothingOfIt() {
        find("registry.example/members/app:1", MEMBER);
        own.put("claims/app", OTHER_MANIFEST);
        assertThat(find("elsewhere.example/claims/app:1", STRANGER)).isInstanceOf(ImageFacts.Known.class);
        own.remove("claims/app");
        claiming.add("claims/app");
        nanos.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(find("elsewhere.example/claims/app:1", STRANGER)).isInstanceOf(ImageFacts.Unknown.class);
        assertThat(asked).endsWith("head elsewhere", "manifest elsewhere");
    }

    @Test
    void aPublicDigestIsEverybodysWhoeverSaysToHaveIt() {
        find("registry.example/public/app@" + Digest.of(MANIFEST), STRANGER);
        claiming.add("claims/app");
        assertThat(find("elsewhere.example/claims/app@" + Digest.of(MANIFEST), STRANGER))
                .isInstanceOf(ImageFacts.Known.class);
        assertThat(asked).containsExactly("manifest elsewhere", "config elsewhere", "head elsewhere");
    }

    @Test
    void aCredentialThatIsOnlyToldTheDigestIsNotServedByAnothersName() {
        String image = "registry.example/members/app@" + Digest.of(MANIFEST);
        find(image, MEMBER);
        claiming.add("members/app");
        assertThat(find(image, OTHER_MEMBER)).isInstanceOf(ImageFacts.Unknown.class);
    }

    @Test
    void aCredentialIsShownAgainWhenTheAnswerIsOldEvenForADigest() {
        String image = "registry.example/members/app@" + Digest.of(MANIFEST);
        find(image, MEMBER);
        nanos.addAndGet(Duration.ofMinutes(6).toNanos());
        find(image, MEMBER);
        assertThat(asked).containsExactly("manifest team", "config team", "head team");
    }

    @Test
    void whoeverHasTheSameCredentialIsToldAtOnceWhateverItsSecretIsCalled() {
        contents.put("ops", "one");
        find("registry.example/members/app:1", MEMBER);
        assertThat(find("registry.example/members/app:1", OTHER_MEMBER)).isInstanceOf(ImageFacts.Known.class);
        assertThat(asked).containsExactly("manifest team", "config team");
    }

    @Test
    void whoseSecretHasChangedShowsTheNewOneBeforeAnythingIsTold() {
        String image = "registry.example/members/app:1";
        find(image, MEMBER);
        contents.put("team", "rotated");
        assertThat(find(image, MEMBER, Deadline.passed())).isInstanceOf(ImageFacts.Unknown.class);
        assertThat(find(image, MEMBER)).isInstanceOf(ImageFacts.Known.class);
        assertThat(asked).containsExactly("manifest team", "config team", "manifest team", "config team");
    }

    @Test
    void aRefusalThatSeveralShareTellsEachItsOwnRemark() {
        String image = "registry.example/members/app:1";
        PullIdentity other = new PullIdentity("other", List.of(), "default");
        for (PullIdentity identity : List.of(STRANGER, other)) {
            assertThat(((ImageFacts.Unknown) find(image, identity)).reason())
                    .isEqualTo("registry answered 401 (tried " + identity.namespace() + ")");
        }
        assertThat(asked).containsExactly("manifest elsewhere");
    }

    @Test
    void whoseCredentialIsRefusedTakesNothingFromAnyoneElse() {
        String image = "registry.example/public/app:1";
        find(image, STRANGER);
        nanos.addAndGet(Duration.ofMinutes(6).toNanos());
        refuseMembers = true;
        assertThat(find(image, MEMBER)).isInstanceOf(ImageFacts.Unknown.class);
        refuseMembers = false;
        find(image, STRANGER);
        assertThat(asked).containsExactly("manifest elsewhere", "config elsewhere", "head team", "head elsewhere");
    }

    @Test
    void aPublicImageAnswersEveryone() {
        String image = "registry.example/public/app:1";
        find(image, MEMBER);
        assertThat(find(image, STRANGER)).isInstanceOf(ImageFacts.Known.class);
        assertThat(asked).containsExactly("manifest team", "config team");
    }

    @Test
    void afterABugInASourceNobodyWaitsForEver() {
        TagSource buggy = new Members() {
            @Override
            public CompletionStage<Document> manifest(Pull pull, String tagOrDigest) {
                return CompletableFuture.failedFuture(new IllegalStateException("a bug"));
            }
        };
        CachingImageUsers broken = new CachingImageUsers(
                buggy,
                new ImageReader(buggy, Limits.DEFAULT),
                Detail.USER,
                CacheOptions.DEFAULT,
                nanos::get,
                new QuietListener());
        try (broken) {
            ImageQuery query = new ImageQuery(
                    ImageReference.parse("registry.example/app:1"),
                    List.of(Platform.parse("linux/amd64")),
                    PullIdentity.NONE);
            ImageFacts facts = broken.find(query, Deadline.in(Duration.ofSeconds(20)))
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
            assertThat(((ImageFacts.Unknown) facts).reason()).contains("failed within Unroot");
            assertThat(((ImageFacts.Unknown) facts).fix()).isEqualTo("Look for the reason in Unroot's log");
        }
    }
}
