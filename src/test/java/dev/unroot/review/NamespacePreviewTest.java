package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Level;
import dev.unroot.model.Subject;
import dev.unroot.model.UnknownCause;
import dev.unroot.review.ExistingPods.Found;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Existing pods, told of when a Namespace begins to enforce more. */
class NamespacePreviewTest {
    private static final String UNLABELLED = "{metadata: {name: shop}}";
    private static final String NONROOT = "{metadata: {name: shop, labels: {unroot.dev/enforce: nonroot}}}";
    private static final String ROOT = "{name: web, image: 'nginx:1.27', securityContext: {runAsUser: 0}}";
    private static final String GOOD = "{name: web, image: 'nginx:1.27', securityContext: {runAsUser: 101}}";
    private static final String BY_IMAGE = "{name: web, image: 'nginx:1.27'}";

    private final Reviews reviews = new Reviews();
    private final List<String> listed = new ArrayList<>();

    @Test
    void tellsByOwnerWhatWouldBeDenied() {
        pods(
                pod("web-1", "web", ROOT),
                pod("db-0", "db", GOOD),
                pod("web-2", "web", ROOT),
                pod("lone", null, ROOT + ", {name: b, image: b, securityContext: {runAsUser: 0}}"));
        Decision decision = update(UNLABELLED, NONROOT);
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings())
                .containsExactly(
                        "existing pods in namespace \"shop\" violate the new enforce level \"nonroot\"",
                        "ReplicaSet web (2 pods): container \"web\" runs as root: "
                                + "spec.containers[0].securityContext.runAsUser is 0",
                        "Pod lone: container \"web\" runs as root: "
                                + "spec.containers[0].securityContext.runAsUser is 0 (and 1 more)");
        assertThat(listed).containsExactly("shop");
    }

    @Test
    void whereEveryPodIsFineNothingIsSaid() {
        pods(pod("db-0", "db", GOOD));
        assertThat(update(UNLABELLED, NONROOT).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "none, nonroot, true",
        "nonroot, hardened, true",
        "'', nonroot, true",
        "none, '', true",
        "hardened, nonroot, false",
        "nonroot, nonroot, false",
        "nonroot, none, false",
        "hardened, '', false",
        "nonrot, hardened, false",
    })
    void onlyAStricterEffectiveLevelIsLookedInto(String before, String after, boolean looks) {
        reviews.defaults = Modes.NONE.enforcing(Level.NONROOT);
        pods(pod("web-1", "web", ROOT));
        update(namespace(before), namespace(after));
        assertThat(listed).hasSize(looks && !(before.isEmpty() && after.equals("nonroot")) ? 1 : 0);
    }

    @Test
    void aFloorThatHoldsAnywayMakesNothingStricter() {
        reviews.floor = Level.NONROOT;
        pods(pod("web-1", "web", ROOT));
        assertThat(update(UNLABELLED, NONROOT).warnings()).isEmpty();
        assertThat(listed).isEmpty();
    }

    @Test
    void imagesAreTakenFromMemoryOnly() {
        reviews.images.put("docker.io/library/nginx:1.27", FakeImages.root());
        reviews.images.put(
                "docker.io/library/new:1",
                new ImageFacts.Unknown(UnknownCause.TIMEOUT, "registry docker.io did not answer in time"));
        pods(pod("web-1", "web", BY_IMAGE), pod("new-1", "new", "{name: a, image: 'new:1'}"));
        assertThat(update(UNLABELLED, NONROOT).warnings())
                .containsExactly(
                        "existing pods in namespace \"shop\" violate the new enforce level \"nonroot\"",
                        "1 existing pod was not checked: its images are not known yet",
                        "ReplicaSet web: container \"web\" runs as root: image docker.io/library/nginx:1.27 sets no"
                                + " USER");
        assertThat(reviews.images.patience).hasSize(2).allMatch(Duration::isZero);
    }

    @Test
    void anAnswerThatWouldHaveToBeWaitedForIsNotWaitedFor() {
        reviews.images.pending("docker.io/library/nginx:1.27");
        pods(pod("web-1", "web", BY_IMAGE), pod("web-2", "web", BY_IMAGE));
        assertThat(update(UNLABELLED, NONROOT).warnings())
                .containsExactly("2 existing pods were not checked: their images are not known yet");
    }

    @Test
    void oneOfEachControllerComesFirst() {
        List<String> many = new ArrayList<>(IntStream.range(0, 50)
                .mapToObj(i -> pod("web-" + i, "web", BY_IMAGE.replace("1.27", "web")))
                .toList());
        many.add(pod("db-0", "db", BY_IMAGE.replace("1.27", "db")));
        many.add(pod("lone", null, BY_IMAGE.replace("1.27", "lone")));
        pods(many.toArray(String[]::new));
        update(UNLABELLED, NONROOT);
        assertThat(reviews.images.asked().subList(0, 3))
                .containsExactly(
                        "docker.io/library/nginx:web", "docker.io/library/nginx:db", "docker.io/library/nginx:lone");
        assertThat(reviews.images.asked()).hasSize(52);
    }

    @Test
    void podsThatNobodyWouldJudgeAreLeftOut() {
        reviews.exemptions = Reviews.exempt(Set.of("kube-system"), Set.of(), Set.of("kata"));
        pods(
                "{metadata: {name: a, deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {containers: [" + ROOT + "]}}",
                "{metadata: {name: b, annotations: {kubernetes.io/config.mirror: x}}, spec: {containers: [" + ROOT
                        + "]}}",
                "{metadata: {name: c}, spec: {runtimeClassName: kata, containers: [" + ROOT + "]}}");
        assertThat(update(UNLABELLED, NONROOT).warnings()).isEmpty();
        String exempt = "{metadata: {name: kube-system, labels: {unroot.dev/enforce: nonroot}}}";
        assertThat(update("{metadata: {name: kube-system}}", exempt).warnings()).isEmpty();
        assertThat(listed).as("an exempt namespace is not looked into").containsExactly("shop");
    }

    /** By time, or by how many Unroot looks at: each bound is told as what it is. */
    @Test
    void whatWasNotReadIsTold() {
        found(false, "the API server did not list them in time");
        assertThat(update(UNLABELLED, NONROOT).warnings())
                .containsExactly("existing pods were not all checked against the new enforce level:"
                        + " the API server did not list them in time");
        found(true, null);
        assertThat(update(UNLABELLED, NONROOT).warnings())
                .containsExactly("existing pods beyond the first 1 were not checked against the new enforce level:"
                        + " Unroot lists no more of a namespace");
    }

    private void found(boolean cut, @Nullable String problem) {
        reviews.pods = (namespace, most, deadline) ->
                CompletableFuture.completedFuture(new Found(List.of(subject(pod("web-1", "web", GOOD))), cut, problem));
    }

    @Test
    void aRequestWithoutTimeIsAnsweredAllTheSame() {
        reviews.deadline = Deadline.passed();
        pods(pod("web-1", "web", ROOT), pod("web-2", "web", ROOT));
        Decision decision = update(UNLABELLED, NONROOT);
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings())
                .containsExactly("2 existing pods were not checked against the new enforce level for want of time");
    }

    @Test
    void listsWithinTheRequestsTimeAndOneSecondAtMost() {
        List<Duration> given = new ArrayList<>();
        reviews.pods = (namespace, most, deadline) -> {
            assertThat(most).isEqualTo(3000);
            given.add(deadline.remaining());
            return CompletableFuture.completedFuture(Found.NOTHING);
        };
        reviews.deadline = Deadline.in(Duration.ofSeconds(25));
        update(UNLABELLED, NONROOT);
        reviews.deadline = Deadline.in(Duration.ofMillis(1500));
        update(UNLABELLED, NONROOT);
        assertThat(given.get(0)).isLessThanOrEqualTo(Duration.ofMillis(667));
        assertThat(given.get(1)).isLessThanOrEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aFaultIsToldAndDeniesNothing() {
        reviews.pods = (namespace, most, deadline) -> CompletableFuture.failedFuture(new IllegalStateException("bug"));
        Decision decision = update(UNLABELLED, NONROOT);
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings()).singleElement().asString().contains("were not checked", "because of a fault");
    }

    @Test
    void aThousandOwnersAreCutShort() {
        // Time stands still, lest a busy machine leaves some of them unchecked.
        reviews.deadline = Deadline.in(Duration.ofSeconds(10), () -> 0);
        pods(IntStream.range(0, 1000)
                .mapToObj(i -> pod("p" + i, "rs" + i, ROOT))
                .toArray(String[]::new));
        List<String> warnings = update(UNLABELLED, NONROOT).warnings();
        assertThat(warnings).hasSize(16);
        assertThat(warnings.get(15)).isEqualTo("and 986 more owners or reasons");
    }

    @Test
    void aLabelThatIsRefusedLooksIntoNothing() {
        pods(pod("web-1", "web", ROOT));
        assertThat(update(UNLABELLED, namespace("nonrot")).allowed()).isFalse();
        assertThat(update(UNLABELLED, NONROOT.replace("name: shop", "name: shop, deletionTimestamp: now"))
                        .warnings())
                .isEmpty();
        assertThat(listed).isEmpty();
    }

    private Decision update(String before, String after) {
        return reviews.review(Reviews.request("Namespace", "", "UPDATE", after, before));
    }

    private void pods(String... pods) {
        List<Subject> subjects =
                Arrays.stream(pods).map(NamespacePreviewTest::subject).toList();
        reviews.pods = (namespace, most, deadline) -> {
            listed.add(namespace);
            return CompletableFuture.completedFuture(new Found(subjects, false, null));
        };
    }

    private static Subject subject(String pod) {
        return Reviews.create(pod).object();
    }

    private static String pod(String name, @Nullable String owner, String containers) {
        String owners = owner == null
                ? ""
                : ", ownerReferences: [{apiVersion: example.org/v1, kind: Watcher, name: w},"
                        + " {apiVersion: apps/v1, kind: ReplicaSet, name: " + owner + ", controller: true}]";
        return "{metadata: {name: " + name + owners + "}, spec: {containers: [" + containers + "]}}";
    }

    private static String namespace(String level) {
        return level.isEmpty() ? UNLABELLED : "{metadata: {name: shop, labels: {unroot.dev/enforce: " + level + "}}}";
    }
}
