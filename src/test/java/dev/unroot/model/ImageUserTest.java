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
        "'  ', ROOT, true",
        "NT AUTHORITY\\SYSTEM, ROOT, true",
        "nt authority\\system, ROOT, true",
        "SYSTEM, ROOT, true",
        ".\\LocalSystem, ROOT, true",
        "SYSTEM@NT AUTHORITY, ROOT, true",
        "BUILTIN\\Administrators, ROOT, true",
        ".\\Administrator, ROOT, true",
        "HOST\\administrator, ROOT, true",
        "NT SERVICE\\TrustedInstaller, ROOT, true",
        "S-1-5-18, ROOT, true",
        "s-1-5-32-544, ROOT, true",
        "S-1-5-93-2-1, ROOT, true",
        "S-1-5-21-1-2-3-500, ROOT, true",
        "S-1-5-21-1-2-3-1500, NON_ROOT, true",
        "S-1-5-93-2-2, NON_ROOT, true",
        "NT AUTHORITY\\LocalService, NON_ROOT, true",
        "NT AUTHORITY\\LOCAL SERVICE, NON_ROOT, true",
        "NT AUTHORITY\\NetworkService, NON_ROOT, true",
        "User Manager\\ContainerUser, NON_ROOT, true",
        "SHOP\\app, NON_ROOT, true",
        "SYSTEM\\app, NON_ROOT, true",
        "ContainerAdministrator2, NON_ROOT, true",
    })
    void onWindowsWhoeverHasAnAdministratorsRightsIsRoot(String name, ImageVerdict verdict, boolean starts) {
        ImageUser user = new ImageUser.Windows(name);

        assertThat(user.verdict()).isEqualTo(verdict);
        assertThat(user.startsUnderRunAsNonRoot()).isEqualTo(starts);
        assertThat(user.uid()).isNull();
    }
}
