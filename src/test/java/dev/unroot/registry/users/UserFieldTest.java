package dev.unroot.registry.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Account;
import dev.unroot.model.ImageUser;
import dev.unroot.model.ImageVerdict;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserFieldTest {
    @ParameterizedTest
    @ValueSource(strings = {"", ":", ":1000", "::"})
    void nothingBeforeTheColonIsUidZero(String raw) {
        ImageUser user = new UserField(raw).onLinux(null);

        assertThat(user).isEqualTo(new ImageUser.Unset(raw, null));
        assertThat(user.verdict()).isEqualTo(ImageVerdict.ROOT);
    }

    @ParameterizedTest
    @CsvSource({
        "1000,1000",
        "+1000,1000",
        "01000,1000",
        "1000:,1000",
        "1000:0,1000",
        "1000:nosuch,1000",
        "1:2:3,1",
        "2147483647,2147483647",
        "000000000000000000000000000000000000001,1"
    })
    void aNumberIsThatUid(String raw, long uid) {
        assertThat(new UserField(raw).onLinux(null)).isEqualTo(new ImageUser.Numeric(raw, uid, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "00", "+0", "-0", "0:1000", "-000", "000000000000000000000000000000"})
    void zeroInAnyDressIsRoot(String raw) {
        ImageUser user = new UserField(raw).onLinux(null);

        assertThat(user.verdict()).isEqualTo(ImageVerdict.ROOT);
        assertThat(user.uid()).isZero();
        assertThat(user.startsUnderRunAsNonRoot()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "-1,true",
        "2147483648,true",
        "4294967296,true",
        "4294967295,true",
        "9223372036854775807,true",
        "-9223372036854775808,true",
        "9223372036854775808,false",
        "-9223372036854775809,false",
        "18446744073709551616,false",
        "-2147483648:5,true"
    })
    void aNumberOutOfRangeCountsAsRoot(String raw, boolean fitsInt64) {
        ImageUser user = new UserField(raw).onLinux(null);

        assertThat(user).isEqualTo(new ImageUser.OutOfRange(raw, fitsInt64));
        assertThat(user.verdict()).isEqualTo(ImageVerdict.ROOT);
    }

    @Test
    void aMillionDigitsTakeNoTime() {
        String raw = "9".repeat(1_000_000);

        assertThat(new UserField(raw).onLinux(null)).isEqualTo(new ImageUser.OutOfRange(raw, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root",
                "0x0",
                "1_000",
                "1e3",
                "０",
                "٣",
                "0 ",
                " 0",
                "+",
                "-",
                "--1",
                "+-1",
                "1000 ",
                "1000\n",
                "1.0",
                "²",
                "app:1000",
                "-:0"
            })
    void anythingElseIsAName(String raw) {
        assertThat(new UserField(raw).isName()).isTrue();
    }

    @Test
    void aNameIsLookedUpWithoutItsGroup() {
        Accounts accounts = Passwd.parse("app:x:1000:1001::/:\n".getBytes(StandardCharsets.UTF_8));

        assertThat(new UserField("app:root").onLinux(accounts))
                .isEqualTo(new ImageUser.Named("app", new Account.Row(1000, 1001, true)));
    }

    @Test
    void theGidOfANumberIsThatOfTheFirstRowWithTheUid() {
        Accounts accounts = Passwd.parse("a:x:5:6\nb:x:5:7\nodd\n".getBytes(StandardCharsets.UTF_8));

        assertThat(new UserField("5:9").onLinux(accounts).gid()).isEqualTo(6);
        assertThat(new UserField("6").onLinux(accounts).gid()).isZero();
        assertThat(new UserField("").onLinux(accounts).gid()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'',ROOT",
        "ContainerUser,NON_ROOT",
        "containerADMINISTRATOR,ROOT",
        "ContainerAdministrator:x,ROOT",
        "0,NON_ROOT"
    })
    void windowsKnowsNeitherUidsNorPasswd(String raw, ImageVerdict verdict) {
        assertThat(new UserField(raw).onWindows().verdict()).isEqualTo(verdict);
    }
}
