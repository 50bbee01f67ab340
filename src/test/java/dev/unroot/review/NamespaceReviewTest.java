package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A Namespace's labels are looked at when they are written. */
class NamespaceReviewTest {
    private static final String TYPING_ERROR = "{metadata: {labels: {unroot.dev/enforce: nonrot}}}";
    private static final String GOOD = "{metadata: {labels: {unroot.dev/enforce: nonroot}}}";

    private final Reviews reviews = new Reviews();

    @Test
    void aTypingErrorIsRefusedWhenItIsWritten() {
        String why =
                "label unroot.dev/enforce is \"nonrot\", which is no level: write none, nonroot, hardened or explicit.";

        assertThat(namespace("CREATE", TYPING_ERROR, null).denial()).isEqualTo(why);
        assertThat(namespace("UPDATE", TYPING_ERROR, GOOD).denial()).isEqualTo(why);
        assertThat(namespace("UPDATE", TYPING_ERROR, "{metadata: {}}").denial()).isEqualTo(why);
    }

    @Test
    void severalAreToldALineEach() {
        assertThat(namespace(
                                "CREATE",
                                "{metadata: {labels: {unroot.dev/enforce: a, unroot.dev/warn: 'B', unroot.dev/audit: ''}}}",
                                null)
                        .denial()
                        .lines())
                .hasSize(3)
                .allSatisfy(
                        line -> assertThat(line).startsWith("label unroot.dev/").endsWith("explicit."));
    }

    @Test
    void oneThatWasThereBeforeBlocksNothing() {
        assertThat(namespace("UPDATE", TYPING_ERROR, TYPING_ERROR).allowed()).isTrue();
        assertThat(namespace("UPDATE", GOOD, TYPING_ERROR).allowed()).isTrue();
        assertThat(namespace("UPDATE", "{metadata: {}}", TYPING_ERROR).allowed())
                .isTrue();
    }

    @Test
    void aLabelThatMeansNothingIsAWarning() {
        Decision decision =
                namespace("CREATE", "{metadata: {labels: {unroot.dev/enforced: nonroot, team: blue}}}", null);

        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings())
                .containsExactly("label unroot.dev/enforced means nothing to Unroot: it knows unroot.dev/enforce,"
                        + " unroot.dev/warn and unroot.dev/audit.");
    }

    @Test
    void deletingOneIsNotLookedAt() {
        assertThat(namespace("DELETE", null, TYPING_ERROR)).isEqualTo(Decision.NOT_JUDGED);
        assertThat(reviews.review(Reviews.request("Namespace", "finalize", "UPDATE", TYPING_ERROR, GOOD)))
                .isEqualTo(Decision.NOT_JUDGED);
    }

    private Decision namespace(String operation, String object, String oldObject) {
        return reviews.review(Reviews.request("Namespace", "", operation, object, oldObject));
    }
}
