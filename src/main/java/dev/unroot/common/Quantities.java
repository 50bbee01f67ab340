package dev.unroot.common;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as Kubernetes writes quantities: {@code 4194304}, {@code 4Mi}, {@code 0.5Gi}, {@code 100M}. */
public final class Quantities {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)(k|M|G|T|Ki|Mi|Gi|Ti)?");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti");
    private static final int BINARY_STEP = 10;

    private Quantities() {}

    /**
     * Reads a whole number of bytes, zero or more.
     *
     * @throws IllegalArgumentException with a sentence, for anything else
     */
    public static long bytes(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            String unit = matcher.group(2) == null ? "" : matcher.group(2);
            try {
                return new BigDecimal(matcher.group(1))
                        .multiply(BigDecimal.valueOf(factor(unit)))
                        .longValueExact();
            } catch (ArithmeticException e) {
                // Told below: it is too large, or no whole number.
            }
        }
        throw new IllegalArgumentException(
                Text.quote(text) + " is not a number of bytes: write it as 4194304, 4Mi or 2Gi");
    }

    private static long factor(String unit) {
        return switch (unit) {
            case "k" -> 1_000L;
            case "M" -> 1_000_000L;
            case "G" -> 1_000_000_000L;
            case "T" -> 1_000_000_000_000L;
            default -> 1L << BINARY_STEP * BINARY.indexOf(unit);
        };
    }

    /** {@code 4Mi}: in the largest unit of which it is a whole number. */
    public static String text(long bytes) {
        int step = 0;
        long number = bytes;
        while (number != 0 && number % (1 << BINARY_STEP) == 0 && step + 1 < BINARY.size()) {
            number >>= BINARY_STEP;
            step++;
        }
        return number + BINARY.get(step);
    }
}
