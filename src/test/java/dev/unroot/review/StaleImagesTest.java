package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.ImageFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is let through by an old answer says so, and since when, in the warnings and in the audit log. */
class StaleImagesTest {
    private static final Instant HEARD = Instant.parse("2026-11-27T20:15:30Z");
    private static final String IMAGE = "docker.io/library/nginx:1.27";
    private static final String TOLD = "container \"web\" is judged by a stale fact: what image " + IMAGE
            + " was when its registry last told, at 2026-11-27T20:15:30Z. See why its registry is not heard, or name"
            + " the image by digest: that never becomes stale.";

    private final Reviews reviews = new Reviews();

    private static ImageFacts stale(ImageFacts facts) {
        return ((ImageFacts.Known) facts).staleSince(HEARD);
    }

    private Decision create(String pod) {
        return reviews.review(Reviews.create(pod));
    }

    @Test
    void whatEnforceLetsThroughIsToldWhateverElseThereIsToSay() {
        reviews.images.put(IMAGE, stale(FakeImages.nonRoot()));
        Decision decision = reviews.labels("enforce", "nonroot").review(Reviews.create(Reviews.IMAGE_POD));
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings()).containsExactly(TOLD);
        assertThat(decision.auditAnnotations()).containsEntry("stale-images", TOLD);
    }

    @ParameterizedTest
    @CsvSource({"warn, 1, false", "audit, 0, true"})
    void theOtherModesTellItWhereTheyLook(String mode, int warnings, boolean annotated) {
        reviews.images.put(IMAGE, stale(FakeImages.nonRoot()));
        Decision decision = reviews.labels(mode, "nonroot").review(Reviews.create(Reviews.IMAGE_POD));
        assertThat(decision.warnings().stream().filter(TOLD::equals)).hasSize(warnings);
        assertThat(decision.auditAnnotations().containsKey("stale-images")).isEqualTo(annotated);
    }

    @Test
    void itIsToldBeforeAdviceAndNeverLeftOut() {
        List<String> containers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            containers.add("{name: c" + i + ", image: 'nginx:1.27'}");
        }
        reviews.images.put(IMAGE, stale(FakeImages.nonRoot()));
        Decision decision = reviews.labels("enforce", "nonroot", "warn", "nonroot")
                .review(Reviews.create(Reviews.pod(containers.toArray(String[]::new))));
        assertThat(decision.warnings().stream().filter(line -> line.contains("stale")))
                .hasSize(5);
        assertThat(decision.warnings()).hasSize(8);
        assertThat(decision.warnings().subList(0, 5)).allMatch(line -> line.contains("stale"));
    }

    @Test
    void whatIsFreshOrByDigestOrDeniedOrGuardedByTheKubeletIsNotTold() {
        reviews.labels("enforce", "nonroot", "warn", "nonroot", "audit", "nonroot");
        reviews.images.put(IMAGE, FakeImages.nonRoot());
        assertSilent(create(Reviews.IMAGE_POD), true);

        reviews.images.put(IMAGE, stale(FakeImages.root()));
        assertSilent(create(Reviews.IMAGE_POD), false);

        reviews.images.put(IMAGE, stale(FakeImages.nonRoot()));
        assertSilent(
                create(Reviews.pod("{name: web, image: 'nginx:1.27', securityContext: {runAsNonRoot: true}}")), true);
        assertSilent(create(Reviews.GOOD_POD), true);
    }

    /** Of what runs already nothing new is let in, and nobody was asked. */
    @Test
    void aContainerThatRunsAlreadyIsNotTold() {
        reviews.labels("enforce", "nonroot", "warn", "nonroot", "audit", "nonroot");
        reviews.images.put(IMAGE, stale(FakeImages.nonRoot()));
        reviews.images.put("docker.io/library/app:2", FakeImages.nonRoot());
        String before = Reviews.pod("{name: web, image: 'nginx:1.27'}", "{name: app, image: 'app:1'}");
        String after = Reviews.pod("{name: web, image: 'nginx:1.27'}", "{name: app, image: 'app:2'}");
        assertSilent(reviews.review(Reviews.update(before, after)), true);
    }

    private static void assertSilent(Decision decision, boolean allowed) {
        assertThat(decision.allowed()).isEqualTo(allowed);
        assertThat(decision.warnings()).noneMatch(line -> line.contains("stale"));
        assertThat(decision.auditAnnotations()).doesNotContainKey("stale-images");
    }
}
