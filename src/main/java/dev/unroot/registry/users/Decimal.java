package dev.unroot.registry.users;

import dev.unroot.model.Account;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decimal numbers as Go's {@code strconv} parses them in base 10: ASCII digits after at most one sign, nothing else. */
final class Decimal {
    private static final Pattern FORM = Pattern.compile("[+-]?[0-9]+");
    private static final BigInteger LARGEST_ID = BigInteger.valueOf(Account.MAX_UID);
    private static final int INT64_BITS = 63;

    /** More digits fit no integer; {@link BigInteger} would take time that grows with their square. */
    private static final int MOST_DIGITS = 20;

    private Decimal() {}

    static boolean isNumber(String text) {
        return FORM.matcher(text).matches();
    }

    /** Whether Go can hold it in an int64. */
    static boolean fitsInt64(String number) {
        return value(number).bitLength() <= INT64_BITS;
    }

    /** A uid or gid, 0..2147483647; null where the text is none. */
    static @Nullable Long id(String text) {
        if (!isNumber(text)) {
            return null;
        }
        BigInteger value = value(text);
        return value.signum() < 0 || value.compareTo(LARGEST_ID) > 0 ? null : Long.valueOf(value.longValue());
    }

    private static BigInteger value(String number) {
        int start = 0;
        while (start < number.length() - 1 && "+-0".indexOf(number.charAt(start)) >= 0) {
            start++;
        }
        int end = Math.min(number.length(), start + MOST_DIGITS);
        BigInteger magnitude = new BigInteger(number.substring(start, end));
        return number.startsWith("-") ? magnitude.negate() : magnitude;
    }
}
