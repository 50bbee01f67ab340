package dev.unroot.cases;

import dev.unroot.model.Account;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Platform;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The user of a case's image, from its USER and passwd. */
public final class CaseUser {
    private static final BigInteger MAX_UID = BigInteger.valueOf(Account.MAX_UID);

    private CaseUser() {}

    static ImageUser of(CaseImage image, Platform platform) {
        return platform.isWindows() ? new ImageUser.Windows(image.user()) : linux(image.user(), image.passwd());
    }

    public static ImageUser linux(String raw, @Nullable String passwd) {
        String name = raw.split(":", -1)[0];
        if (name.isEmpty()) {
            return new ImageUser.Unset(raw, 0L);
        }
        if (!name.matches("[+-]?[0-9]+")) {
            return new ImageUser.Named(name, account(name, passwd));
        }
        BigInteger number = new BigInteger(name);
        return number.signum() < 0 || number.compareTo(MAX_UID) > 0
                ? new ImageUser.OutOfRange(raw, number.bitLength() < Long.SIZE)
                : new ImageUser.Numeric(raw, number.longValueExact(), 0L);
    }

    private static Account account(String name, @Nullable String passwd) {
        if (passwd == null) {
            return new Account.NoPasswd();
        }
        for (String line : passwd.split("\n", -1)) {
            String[] fields = line.strip().split(":", -1);
            if (fields[0].equals(name)) {
                boolean readable = fields.length > 2
                        && fields[2].matches("[0-9]{1,10}")
                        && Long.parseLong(fields[2]) <= Account.MAX_UID;
                return new Account.Row(readable ? Long.parseLong(fields[2]) : 0, 0, readable);
            }
        }
        return new Account.Missing();
    }
}
