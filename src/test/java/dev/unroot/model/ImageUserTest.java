package dev.unroot.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageUserTest {
    /** Source of the Windows rules: kubelet {@code security_context_windows.go}, which folds case as Unicode does. */
    @ParameterizedTest
    @CsvSource({
        "'', ROOT, true",
        "ContainerAdministrator, ROOT, false",
        "User Manager\\ContainerAdministrator, ROOT, true",
        "containeradministrator, ROOT, false",
        "CONTAINERADMINISTRATOR, ROOT, false",
        "ContainerAdminiſtrator, ROOT, false",
        "ContainerUser, NON_ROOT, true",
        "ContainerAdministrator2, NON_ROOT, true",
    })
    void onWindowsOnlyTheAdministratorIsRoot(String name, ImageVerdict verdict, boolean starts) {
        ImageUser user = new ImageUser.Windows(name);

        assertThat(user.verdict()).isEqualTo(verdict);
        assertThat(user.startsUnderRunAsNonRoot()).isEqualTo(starts);
        assertThat(user.uid()).isNull();
    }
}
