package dev.unroot.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** That a case can fail. */
class CaseFileTest {
    private static final ExpectedFinding ROOT =
            new ExpectedFinding("imageUser", "violation", "web", "spec.containers[0].image", null, null);
    private static final ExpectedFinding TOLD =
            new ExpectedFinding("imageUser", "violation", "web", "spec.containers[0].image", "a", "b");

    @Test
    void whatIsMissingAndWhatIsExtraAreDifferences() {
        assertThat(ExpectedFinding.differences(List.of(ROOT), List.of())).hasSize(1);
        assertThat(ExpectedFinding.differences(List.of(), List.of(TOLD))).hasSize(1);
        assertThat(ExpectedFinding.differences(List.of(ROOT), List.of(TOLD, TOLD)))
                .hasSize(1);
        assertThat(ExpectedFinding.differences(List.of(ROOT, TOLD), List.of(TOLD, TOLD)))
                .isEmpty();
    }

    @Test
    void wordsCountWhereTheCaseGivesThem() {
        ExpectedFinding otherWords =
                new ExpectedFinding(TOLD.check(), TOLD.kind(), TOLD.container(), TOLD.path(), "c", TOLD.fix());

        assertThat(ExpectedFinding.differences(List.of(ROOT), List.of(otherWords)))
                .isEmpty();
        assertThat(ExpectedFinding.differences(List.of(TOLD), List.of(otherWords)))
                .hasSize(2);
        assertThat(ExpectedFinding.differences(List.of(TOLD.anyWords()), List.of(otherWords)))
                .isEmpty();
    }

    @Test
    void aPickyFindingIsNotRobbedByAnEasyTwin() {
        ExpectedFinding other = new ExpectedFinding(TOLD.check(), TOLD.kind(), "web", TOLD.path(), "x", "y");

        assertThat(ExpectedFinding.differences(List.of(ROOT, TOLD), List.of(TOLD, other)))
                .isEmpty();
    }

    @Test
    void aMisspeltKeyIsAnError() {
        assertThatThrownBy(() -> CaseFile.parse(
                        "imageUser", "x", "title: X\nlevel: nonroot\nallowed: true\nfinding: []\n---\nkind: Pod\n"))
                .hasMessageContaining("finding");
    }

    @Test
    void aUserWithoutQuotesIsAnError() {
        assertThatThrownBy(() -> CaseFile.parse(
                        "imageUser", "x", "title: X\nlevel: nonroot\nallowed: true\nimages: {a: {user: 0}}\n---\n{}\n"))
                .hasMessageContaining("quotes");
    }

    @Test
    void anAbsentManifestIsAnError() {
        assertThatThrownBy(() -> CaseFile.parse("imageUser", "x", "title: X\nlevel: nonroot\nallowed: true\n"))
                .hasMessageContaining("two documents");
    }

    @Test
    void aTitleBecomesAFileName() {
        assertThat(CaseFile.fileNameFor("A pod's uid 0, refused!")).isEqualTo("a-pod-s-uid-0-refused");
    }
}
