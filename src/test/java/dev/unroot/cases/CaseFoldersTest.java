package dev.unroot.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.policy.Policy;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Cases document the checks: none may be without, and each is found under its title. */
class CaseFoldersTest {
    private static final List<CaseFile> CASES = CaseFile.all();

    @Test
    void everyCheckHasCasesAndEveryFolderACheck() {
        assertThat(CaseFile.folders()).containsExactlyInAnyOrderElementsOf(Policy.checkIds());
        assertThat(CASES.stream().map(CaseFile::check).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(Policy.checkIds());
    }

    @Test
    void everyCheckHasACaseItAllowsAndOneItDoesNot() {
        for (String check : Policy.checkIds()) {
            assertThat(CASES.stream()
                            .filter(file -> file.check().equals(check))
                            .map(CaseFile::allowed)
                            .collect(Collectors.toSet()))
                    .as(check)
                    .containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void titlesAreUnique() {
        assertThat(CASES).extracting(CaseFile::title).doesNotHaveDuplicates();
    }

    @Test
    void aFileIsNamedAsItsTitle() {
        assertThat(CASES).allSatisfy(file -> assertThat(file.fileName()).isEqualTo(CaseFile.fileNameFor(file.title())));
    }

    @Test
    void thereAreManyCases() {
        assertThat(CASES).hasSizeGreaterThanOrEqualTo(90);
    }
}
