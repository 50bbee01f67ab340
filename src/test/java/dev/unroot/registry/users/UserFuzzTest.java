package dev.unroot.registry.users;

import static dev.unroot.fuzz.Fuzz.pick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.fuzz.Fuzz;
import dev.unroot.model.ImageUser;
import dev.unroot.model.ImageVerdict;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** USER and passwd of every shape, compared with a second reading of the rules that is as plain as can be. */
class UserFuzzTest {
    private static final String NUMBER = "[+-]?[0-9]+";
    private static final String SPACE = "[\\t\\x0b\\f\\r\u0085\\p{Z}]";
    private static final BigInteger LARGEST = BigInteger.valueOf(Integer.MAX_VALUE);

    @Test
    void noUserFieldMakesRootAnythingElse() {
        Fuzz.generate(20_000, random -> {
            String user = text(random, 6);
            String passwd = random.nextInt(8) == 0 ? null : passwd(random, user);
            ImageUser read = UserOfImage.onLinux(user, passwd);
            assertThat(read.verdict()).as("%s in %s", user, passwd).isEqualTo(expected(user, passwd));
        });
    }

    @Test
    void anyBytesAreAPasswd() {
        List<byte[]> seeds = Stream.of(
                        "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n",
                        "app:x:1000:1000\r\n\0app:x:0\n",
                        " app:x:0:0::/:\n\u0085app:x:7:7\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        List<String> words = List.of("app:", ":", "\n", "\r\n", "\0", "0", "4294967296", "\u2028", "\u00a0", " ");
        Fuzz.mutate(5_000, seeds, words, UserFuzzTest::readPasswd);
    }

    static void readPasswd(byte[] passwd) {
        assertThat(Passwd.parse(passwd).named("app").verdict())
                .isEqualTo(expected("app", new String(passwd, StandardCharsets.UTF_8)));
    }

    private static String text(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int parts = random.nextInt(most); parts > 0; parts--) {
            text.append(pick(
                    random,
                    "0",
                    "0",
                    "1",
                    "1000",
                    "+",
                    "-",
                    ":",
                    " ",
                    "app",
                    "root",
                    "x",
                    "2147483647",
                    "2147483648",
                    "9223372036854775808",
                    "\uff10",
                    "\0",
                    "\t",
                    "_",
                    "e3",
                    "0x"));
        }
        return text.toString();
    }

    private static String passwd(Random random, String user) {
        String name = user.split(":", -1)[0];
        StringBuilder passwd = new StringBuilder();
        for (int rows = random.nextInt(5); rows > 0; rows--) {
            passwd.append(pick(random, "", "", " ", "\u3000", "#", "\u200b"))
                    .append(pick(random, name, name, "other", name + " "))
                    .append(pick(random, ":x:", ":x:", ":x:", ":", "::", ""))
                    .append(pick(random, "0", "1000", "7", text(random, 3)))
                    .append(pick(random, ":0:", ":5::/:/bin/sh", "", " "))
                    .append(pick(random, "\n", "\n", "\r\n", "\n\n", ""));
        }
        return passwd.toString();
    }

    private static ImageVerdict expected(String user, @Nullable String passwd) {
        String name = user.split(":", -1)[0];
        if (name.isEmpty()) {
            return ImageVerdict.ROOT;
        }
        if (name.matches(NUMBER)) {
            return byNumber(name);
        }
        if (passwd == null) {
            return ImageVerdict.WILL_NOT_START;
        }
        for (String line : passwd.split("\n")) {
            String trimmed = line.replaceAll("^" + SPACE + "+|" + SPACE + "+$", "");
            String[] fields = trimmed.split(":", -1);
            if (!trimmed.isEmpty() && fields[0].equals(name)) {
                return fields.length > 2 && fields[2].matches(NUMBER) ? byNumber(fields[2]) : ImageVerdict.ROOT;
            }
        }
        return ImageVerdict.WILL_NOT_START;
    }

    private static ImageVerdict byNumber(String text) {
        BigInteger number = new BigInteger(text);
        return number.signum() > 0 && number.compareTo(LARGEST) <= 0 ? ImageVerdict.NON_ROOT : ImageVerdict.ROOT;
    }
}
