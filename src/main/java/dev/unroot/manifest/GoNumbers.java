package dev.unroot.manifest;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as Go's strconv reads and writes them. */
final class GoNumbers {
    private static final int LONGEST = 400;
    private static final BigInteger MIN_INT64 = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_INT64 = BigInteger.valueOf(Long.MAX_VALUE);
    private static final int UINT64_BITS = 64;
    private static final int FLOAT_DIGITS = 9;
    private static final int LEAST_PLAIN_EXPONENT = -4;
    private static final int GREATEST_PLAIN_EXPONENT = 5;

    /** ParseInt with base 0. Group 1 is the sign, 2 to 6 the digits in base 2, 8, 16, 8 and 10. */
    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(?:0[bB]([01]+)|0[oO]([0-7]+)|0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))");

    private static final int[] BASES = {2, 8, 16, 8, 10};
    private static final Pattern YAML_FLOAT =
            Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
    /** What ParseFloat takes of texts that begin with a point. */
    private static final Pattern POINT_FLOAT =
            Pattern.compile("\\.[0-9]+(?:_[0-9]+)*+(?:[eE][-+]?[0-9]+(?:_[0-9]+)*+)?");

    private GoNumbers() {}

    /** A signed or unsigned 64-bit integer; null for anything else. */
    static @Nullable BigInteger integer(String text) {
        Matcher matcher = INTEGER.matcher(text);
        if (text.length() > LONGEST || !matcher.matches()) {
            return null;
        }
        String sign = matcher.group(1);
        for (int i = 0; i < BASES.length; i++) {
            String digits = matcher.group(i + 2);
            if (digits != null) {
                BigInteger value = new BigInteger(digits, BASES[i]);
                return inRange(sign.equals("-") ? value.negate() : value, sign.isEmpty());
            }
        }
        return null;
    }

    private static @Nullable BigInteger inRange(BigInteger value, boolean unsigned) {
        boolean signedFits = value.compareTo(MIN_INT64) >= 0 && value.compareTo(MAX_INT64) <= 0;
        boolean unsignedFits = unsigned && value.signum() >= 0 && value.bitLength() <= UINT64_BITS;
        return signedFits || unsignedFits ? value : null;
    }

    /** A float as YAML writes one, underscores removed; null for anything else and for what is too great for a double. */
    static @Nullable Double yamlFloat(String text) {
        return parse(YAML_FLOAT, text, text);
    }

    /** A float that begins with a point; null as above. */
    static @Nullable Double pointFloat(String text) {
        return parse(POINT_FLOAT, text, text.replace("_", ""));
    }

    private static @Nullable Double parse(Pattern pattern, String text, String digits) {
        if (text.length() > LONGEST || !pattern.matcher(text).matches()) {
            return null;
        }
        double value = Double.parseDouble(digits);
        return Double.isInfinite(value) ? null : value;
    }

    /** {@code FormatFloat(value, 'g', -1, 32)} as sigs.k8s.io/yaml writes a key: float32, although it was read as float64. */
    static String key(double value) {
        float narrow = (float) value;
        if (Float.isNaN(narrow)) {
            return ".nan";
        }
        if (Float.isInfinite(narrow)) {
            return narrow > 0 ? ".inf" : "-.inf";
        }
        String sign = Float.floatToRawIntBits(narrow) < 0 ? "-" : "";
        if (narrow == 0) {
            return sign + "0";
        }
        BigDecimal shortest = shortest(Math.abs(narrow));
        int exponent = shortest.precision() - shortest.scale() - 1;
        boolean plain = exponent >= LEAST_PLAIN_EXPONENT && exponent <= GREATEST_PLAIN_EXPONENT;
        return sign + (plain ? shortest.toPlainString() : scientific(shortest, exponent));
    }

    private static BigDecimal shortest(float value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < FLOAT_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits)).stripTrailingZeros();
            if (rounded.floatValue() == value) {
                return rounded;
            }
        }
        return exact.round(new MathContext(FLOAT_DIGITS)).stripTrailingZeros();
    }

    private static String scientific(BigDecimal value, int exponent) {
        String digits = value.unscaledValue().toString();
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        return digits.charAt(0) + fraction + (exponent < 0 ? "e-" : "e+") + String.format("%02d", Math.abs(exponent));
    }
}
