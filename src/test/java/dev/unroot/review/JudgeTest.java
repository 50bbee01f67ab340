package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.common.Deadline;
import dev.unroot.common.Glob;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.policy.PolicyOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which images are asked for, and how long for: the promise that a registry is asked only when the answer counts. */
class JudgeTest {
    private static final String NGINX = "docker.io/library/nginx:1.27";

    private final Reviews reviews = new Reviews();

    /** A frozen clock, so that patience is exact. */
    JudgeTest() {
        reviews.deadline = Deadline.in(Duration.ofSeconds(10), () -> 0);
        reviews.images.put(NGINX, FakeImages.nonRoot());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // level | container's securityContext | pod's other fields | seconds of patience, or not asked
                "none     | {}                                  | x: y                 | -",
                "nonroot  | {}                                  | x: y                 | 10",
                "hardened | {}                                  | x: y                 | 10",
                "explicit | {}                                  | x: y                 | 1",
                "nonroot  | {runAsNonRoot: false}               | x: y                 | 10",
                "nonroot  | {runAsNonRoot: true}                | x: y                 | 1",
                "explicit | {runAsNonRoot: true}                | x: y                 | 1",
                "nonroot  | {runAsUser: 1000}                   | x: y                 | -",
                "explicit | {runAsUser: 1000}                   | x: y                 | -",
                "nonroot  | {runAsUser: 0}                      | x: y                 | -",
                "nonroot  | {}                                  | hostUsers: false     | -",
                "nonroot  | {}                                  | hostUsers: true      | 10",
                "nonroot  | {runAsUser: 1000}                   | os: {name: windows}  | 10",
                "nonroot  | {runAsUser: 1000, runAsNonRoot: true} | os: {name: windows} | 10",
                "explicit | {runAsNonRoot: true}                | os: {name: windows}  | 10",
                "nonroot  | {windowsOptions: {runAsUserName: a}} | os: {name: windows} | -",
                "nonroot  | {windowsOptions: {runAsUserName: a}} | x: y                | 10",
                "nonroot  | {}                                  | securityContext: {runAsUser: 5}       | -",
                "nonroot  | {}                                  | securityContext: {runAsNonRoot: true} | 1",
                "nonroot  | {runAsNonRoot: false} | securityContext: {runAsNonRoot: true} | 10",
            })
    void isAskedOnlyAsFarAsItCounts(String level, String container, String podField, Integer seconds) {
        String pod = "{spec: {" + podField + ", containers: [{name: web, image: 'nginx:1.27', securityContext: "
                + container + "}]}}";

        reviews.labels("enforce", level).review(Reviews.create(pod));

        assertThat(reviews.images.patience)
                .isEqualTo(seconds == null ? List.of() : List.of(Duration.ofSeconds(seconds)));
    }

    @Test
    void theNeediestModeDecides() {
        reviews.labels("enforce", "explicit", "warn", "hardened").review(Reviews.create(Reviews.IMAGE_POD));

        assertThat(reviews.images.patience).containsExactly(Duration.ofSeconds(10));
    }

    @Test
    void aUserNamespaceIsNoExcuseWhereTheOperatorSaysSo() {
        reviews.policy = new PolicyOptions(false, PolicyOptions.DEFAULT.trustTags());
        reviews.labels("enforce", "nonroot")
                .review(Reviews.create("{spec: {hostUsers: false, containers: [{image: 'nginx:1.27'}]}}"));

        assertThat(reviews.images.asked()).containsExactly(NGINX);
    }

    @Test
    void theQuestionSaysWhoPullsAndForWhichPlatforms() {
        reviews.labels("enforce", "nonroot")
                .review(Reviews.create("{spec: {serviceAccountName: robot, imagePullSecrets: [{name: one}, {}, {name:"
                        + " two}], nodeSelector: {kubernetes.io/arch: arm64}, containers: [{image: 'nginx:1.27'}]}}"));

        ImageQuery query = reviews.images.queries.get(0);
        assertThat(query.identity()).isEqualTo(new ImageQuery.PullIdentity("team", List.of("one", "two"), "robot"));
        assertThat(query.platforms()).containsExactly(Platform.parse("linux/arm64"));
    }

    @Test
    void anExemptImageIsNotAskedFor() {
        reviews.exemptions = new Exemptions(
                java.util.Set.of(), java.util.Set.of(), java.util.Set.of(), List.of(new Glob("docker.io/**")));
        reviews.labels("enforce", "nonroot").review(Reviews.create(Reviews.IMAGE_POD));

        assertThat(reviews.images.asked()).isEmpty();
    }

    /** A container that runs already is not looked up again, and a doubt about it cannot deny a debug session. */
    @Test
    void ofAnUpdateOnlyWhatIsNewIsAskedFor() {
        String old = "{name: web, image: 'old:1'}, {name: bad, image: 'a b'}";
        AdmissionRequest update = Reviews.update(
                "{spec: {containers: [" + old + "]}}",
                "{spec: {containers: [" + old + "], ephemeralContainers: [{name: debug, image: 'nginx:1.27'}]}}");

        Decision decision = reviews.labels("enforce", "nonroot").review(update);

        assertThat(decision.denial()).isNull();
        assertThat(reviews.images.asked()).containsExactly("docker.io/library/old:1", NGINX);
        assertThat(reviews.images.patience).containsExactly(Duration.ZERO, Duration.ofSeconds(10));
    }

    @Test
    void aTagThatIsNotTrustedDoesNotBecomeADoubtAboutARunningContainer() {
        reviews.policy = new PolicyOptions(true, List.of());
        String old = "{spec: {containers: [{name: web, image: 'nginx:1.27'}]}}";
        String debugged = "{spec: {containers: [{name: web, image: 'nginx:1.27'}], ephemeralContainers: [{name: debug,"
                + " image: x, securityContext: {runAsUser: 1}}]}}";
        reviews.labels("enforce", "nonroot");

        assertThat(reviews.review(Reviews.create(old)).allowed()).isFalse();
        assertThat(reviews.review(Reviews.update(old, debugged)).denial()).isNull();
    }

    @Test
    void whatIsKnownOfARunningContainerIsJudged() {
        reviews.images.put("docker.io/library/old:1", FakeImages.root());
        AdmissionRequest update = Reviews.update(
                "{spec: {containers: [{name: web, image: 'old:1'}]}}",
                "{spec: {containers: [{name: web, image: 'old:1'}, {name: new, image: 'nginx:1.27'}]}}");

        assertThat(reviews.labels("enforce", "nonroot").review(update).denial())
                .startsWith("container \"web\" runs as root");
    }

    @Test
    void anAdvisoryAnswerIsAwaitedForAMomentAndMissedWithoutHarm() {
        reviews.deadline = Deadline.in(Duration.ofSeconds(10));
        reviews.advisoryWait = Duration.ofMillis(20);
        reviews.images.pending("docker.io/library/slow:1");

        Decision decision = reviews.labels("enforce", "nonroot", "warn", "nonroot")
                .start(Reviews.create(Reviews.pod("{name: a, image: 'slow:1', securityContext: {runAsNonRoot: true}}")))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();

        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings()).isEmpty();
    }

    /** Where the kubelet refuses to start root the unknown is harmless; elsewhere nobody stands guard. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // nodes                     | pod's fields                                     | allowed at nonroot,
                // hardened, explicit
                "linux/amd64               | securityContext: {runAsNonRoot: true}              | true",
                "linux/amd64               | x: y                                               | false",
                "linux/amd64               | os: {name: windows}                                | false",
                "linux/amd64               | os: {name: windows}, securityContext: {runAsNonRoot: true}     | false",
                "linux/amd64               | os: {name: windows}, securityContext: {runAsNonRoot: true, runAsUser: 1000} | false",
                "linux/amd64               | os: {name: windows}, securityContext: {runAsNonRoot: true, windowsOptions: {runAsUserName: ''}} | false",
                "linux/amd64               | os: {name: windows}, securityContext: {runAsNonRoot: true, windowsOptions: {runAsUserName: ContainerUser}} | true",
                "linux/amd64               | nodeSelector: {kubernetes.io/os: windows}, securityContext: {runAsNonRoot: true} | false",
                "windows/amd64             | securityContext: {runAsNonRoot: true}              | false",
                "linux/amd64 windows/amd64 | securityContext: {runAsNonRoot: true}              | false",
                "linux/amd64 windows/amd64 | os: {name: linux}, securityContext: {runAsNonRoot: true}       | true",
                "linux/amd64 windows/amd64 | nodeSelector: {kubernetes.io/os: linux}, securityContext: {runAsNonRoot: true} | true",
                "linux/amd64 windows/amd64 | securityContext: {runAsNonRoot: true, windowsOptions: {runAsUserName: ContainerUser}} | true",
                "linux/amd64 windows/amd64 | securityContext: {runAsNonRoot: true, runAsUser: 1000}         | true",
            })
    void aRegistrySlowerThanEveryWaitChoosesNoVerdict(String nodes, String podFields, boolean allowed) {
        reviews.platforms = java.util.stream.Stream.of(nodes.trim().split(" "))
                .map(Platform::parse)
                .toList();
        reviews.advisoryWait = Duration.ofMillis(5);
        reviews.images.pending("docker.io/library/slow:1");
        String container = "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}";
        String pod = "{spec: {" + podFields + ", containers: [{name: app, image: 'slow:1', " + container + "}]}}";
        for (String level : List.of("nonroot", "hardened", "explicit")) {
            reviews.deadline = Deadline.in(Duration.ofMillis(20));
            Decision decision = reviews.labels("enforce", level)
                    .start(Reviews.create(pod))
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();

            assertThat(decision.denial()).as(level).satisfies(denial -> {
                if (allowed) {
                    assertThat(denial).isNull();
                } else if (podFields.contains("runAsNonRoot") || !level.equals("explicit")) {
                    assertThat(denial)
                            .contains(
                                    "container \"app\" could not be verified: registry docker.io did not answer in time");
                } else {
                    assertThat(denial).contains("neither it nor the pod sets runAsNonRoot");
                }
            });
        }
    }

    @Test
    void noWaitMeansNone() {
        reviews.advisoryWait = Duration.ZERO;
        String pod = Reviews.pod("{name: web, image: 'nginx:1.27', securityContext: {runAsNonRoot: true}}");
        reviews.images.put(NGINX, FakeImages.root());

        Decision decision = reviews.labels("warn", "nonroot").review(Reviews.create(pod));

        assertThat(reviews.images.patience).containsExactly(Duration.ZERO);
        // What memory knows is told all the same.
        assertThat(decision.warnings()).singleElement().asString().contains("will not start");
    }

    @Test
    void aRegistryThatDoesNotAnswerInTimeIsADoubt() {
        reviews.deadline = Deadline.in(Duration.ofMillis(30));
        reviews.images.pending("registry.example/slow:1");

        Decision decision = reviews.labels("enforce", "nonroot")
                .start(Reviews.create(Reviews.pod("{name: a, image: 'registry.example/slow:1'}")))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();

        assertThat(decision.denial())
                .isEqualTo("container \"a\" could not be verified: registry registry.example did not answer in time for"
                        + " registry.example/slow:1. Try again, or set runAsNonRoot: true and no lookup is needed.");
    }

    @Test
    void onesImpatienceIsNotAnothers() {
        CompletableFuture<ImageFacts> answer = reviews.images.pending("docker.io/library/slow:1");
        AdmissionRequest request = Reviews.create(Reviews.pod("{name: a, image: 'slow:1'}"));
        reviews.labels("enforce", "nonroot");
        reviews.deadline = Deadline.in(Duration.ofSeconds(30));
        CompletableFuture<Decision> patient = reviews.start(request);
        reviews.deadline = Deadline.in(Duration.ofMillis(20));
        Decision impatient =
                reviews.start(request).orTimeout(60, TimeUnit.SECONDS).join();

        assertThat(impatient.allowed()).isFalse();
        assertThat(answer).isNotDone();
        assertThat(patient).isNotDone();
        answer.complete(FakeImages.nonRoot());
        assertThat(patient.join().allowed()).isTrue();
    }

    @Test
    void imagesAreAskedForSideBySide() {
        CompletableFuture<ImageFacts> one = reviews.images.pending("docker.io/library/one:1");
        CompletableFuture<ImageFacts> two = reviews.images.pending("docker.io/library/two:1");
        reviews.deadline = Deadline.in(Duration.ofSeconds(30));
        CompletableFuture<Decision> decision = reviews.labels("enforce", "nonroot")
                .start(Reviews.create(Reviews.pod("{name: a, image: 'one:1'}", "{name: b, image: 'two:1'}")));

        assertThat(reviews.images.asked()).hasSize(2);
        two.complete(FakeImages.root());
        assertThat(decision).isNotDone();
        one.complete(FakeImages.nonRoot());
        assertThat(decision.join().denial()).startsWith("container \"b\" runs as root");
    }

    @Test
    void theListenerIsToldWhatALookupCameToAndWhichWereSpared() {
        List<Object> told = new ArrayList<>();
        reviews.listener = new ReviewListener() {
            @Override
            public void imageAnswered(ImageFacts facts) {
                told.add(facts);
            }

            @Override
            public void lookupAvoided() {
                told.add("avoided");
            }
        };
        AdmissionRequest request = Reviews.create(
                Reviews.pod("{name: a, securityContext: {runAsUser: 1}}", "{name: b, image: 'nginx:1.27'}"));

        reviews.labels("enforce", Level.NONROOT.label()).review(request);
        assertThat(told).containsExactly("avoided", FakeImages.nonRoot());

        told.clear();
        reviews.labels("enforce", "none").review(request);
        assertThat(told).isEmpty();
    }
}
