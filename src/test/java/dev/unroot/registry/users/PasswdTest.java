package dev.unroot.registry.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Account;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values were taken from moby/sys/user 0.5.0. */
class PasswdTest {
    private static Account find(String passwd, String name) {
        return Passwd.parse(passwd.getBytes(StandardCharsets.UTF_8)).named(name);
    }

    @Test
    void theFirstRowWithTheExactNameCounts() {
        String passwd = "App:x:1:1\nxapp:x:2:2\napp:x:1000:1001:Gecos:/home:/bin/sh\napp:x:0:0\n";

        assertThat(find(passwd, "app")).isEqualTo(new Account.Row(1000, 1001, true));
        assertThat(find(passwd, "ap")).isEqualTo(new Account.Missing());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app",
                "app:x",
                "app:x:",
                "app:x:abc:",
                "app:x: 1000:",
                "app:x:12ab:0",
                "app:x:0x10:0",
                "app:x:1_0:0",
                "app:x:٣:0",
                "app:x:+:0",
                "app:x:-1:0",
                "app:x:2147483648:0",
                "app:x:4294967295:0",
                "app:x:99999999999999999999:0",
                "app:x:-0x1"
            })
    void aUidThatIsNoneCountsAsRoot(String row) {
        assertThat(find(row + "\n", "app")).isEqualTo(new Account.Row(0, 0, false));
    }

    @ParameterizedTest
    @CsvSource({
        "app:x:+5:2,5,2",
        "app:x:0007:2,7,2",
        "app:x:1,1,0",
        "app:x:0:5,0,5",
        "app:x:2147483647:1,2147483647,1",
        "app:x:5:-1,5,0",
        "app:x:5:zz,5,0",
        "app:x:000000000000000000000000000000000000009:2,9,2"
    })
    void numbersAreReadAsGoDoes(String row, long uid, long gid) {
        assertThat(find(row, "app")).isEqualTo(new Account.Row(uid, gid, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " app:x:1:2",
                "\t\u000b\f app:x:1:2 \r",
                "\u0085app:x:1:2",
                "\u00a0app:x:1:2\u3000",
                "\u2003app:x:1:2\u2028",
                "\u1680\u205f\u202fapp:x:1:2"
            })
    void linesAreTrimmedOfWhatGoCallsSpace(String line) {
        assertThat(find(line + "\nb:x:3:3", "app")).isEqualTo(new Account.Row(1, 2, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u180eapp:x:1:2", "\u200bapp:x:1:2", "\ufeffapp:x:1:2", "\u001capp:x:1:2", "\u0000app:x:1:2"})
    void andOfNothingElse(String line) {
        assertThat(find(line, "app")).isEqualTo(new Account.Missing());
    }

    @Test
    void aNumberSignIsNoComment() {
        assertThat(find("#app:x:1:1\n# c\n", "#app")).isEqualTo(new Account.Row(1, 1, true));
        assertThat(find("# c\n", "# c")).isEqualTo(new Account.Row(0, 0, false));
    }

    @Test
    void namesCompareAsBytes() {
        byte[] passwd = {(byte) 0xe4, ':', 'x', ':', '7', ':', '7', '\n'};

        assertThat(Passwd.parse(passwd).named("ä")).isEqualTo(new Account.Missing());
        assertThat(Passwd.parse(passwd).named("\ufffd")).isEqualTo(new Account.Missing());
        assertThat(find("ä:x:7:7", "ä")).isEqualTo(new Account.Row(7, 7, true));
    }

    @ParameterizedTest
    @CsvSource({
        "65534,'',true",
        "65535,'',true",
        "65535,'\n',true",
        "65536,'',false",
        "65536,'\n',false",
        "65535,'\r\n',false"
    })
    void aLineTooLongForGoMakesTheFileUnreadable(int length, String end, boolean readable) {
        String row = "app:x:5:5:";
        Account account = find("a:x:1:1\n" + row + "z".repeat(length - row.length()) + end, "app");

        assertThat(account).isInstanceOf(readable ? Account.Row.class : Account.Undeterminable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "\r\n \n", "root:x:0:0"})
    void aNameWithoutRowIsMissing(String passwd) {
        assertThat(find(passwd, "app")).isEqualTo(new Account.Missing());
    }

    @Test
    void aGidIsTakenFromTheFirstRowWithTheUid() {
        Accounts accounts = Passwd.parse(
                "\n a:x:5:6\nb:x:5:7\n+::::\nroot:x:0:9\nbig:x:9:4294967296".getBytes(StandardCharsets.UTF_8));

        assertThat(accounts.gidOf(5)).isEqualTo(6);
        assertThat(accounts.gidOf(0)).as("of the row that is no number").isZero();
        assertThat(accounts.gidOf(9)).isZero();
        assertThat(accounts.gidOf(77)).isZero();
    }

    @Test
    void manyShortRowsTakeNoMemory() {
        byte[] passwd = "a\n".repeat(500_000).getBytes(StandardCharsets.UTF_8);

        assertThat(Passwd.parse(passwd).named("b")).isEqualTo(new Account.Missing());
    }
}
