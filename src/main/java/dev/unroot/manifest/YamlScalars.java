package dev.unroot.manifest;

import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import dev.unroot.common.Text;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resolves YAML 1.1 scalars as kubectl does. Source: go.yaml.in/yaml/v2 {@code resolve.go} and {@code decode.go}, then
 * sigs.k8s.io/yaml {@code convertToJSONableObject} and encoding/json.
 */
final class YamlScalars {
    private static final String PREFIX = "tag:yaml.org,2002:";
    private static final String STRING = PREFIX + "str";
    private static final String BINARY = PREFIX + "binary";
    private static final String TIMESTAMP = PREFIX + "timestamp";
    private static final String INTEGER = PREFIX + "int";
    private static final String FLOAT = PREFIX + "float";
    private static final String BOOLEAN = PREFIX + "bool";
    private static final String NULL = PREFIX + "null";
    /** From here on encoding/json writes an exponent, and the number no longer reads as an integer. */
    private static final double FIRST_WITH_EXPONENT = 1e21;

    private static final Map<String, ValueNode> WORDS = new HashMap<>();

    static {
        put(BooleanNode.TRUE, "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
        put(BooleanNode.FALSE, "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
        put(NullNode.instance, "", "~", "null", "Null", "NULL");
        put(DoubleNode.valueOf(Double.NaN), ".nan", ".NaN", ".NAN");
        put(DoubleNode.valueOf(Double.POSITIVE_INFINITY), ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF");
        put(DoubleNode.valueOf(Double.NEGATIVE_INFINITY), "-.inf", "-.Inf", "-.INF");
    }

    private static void put(ValueNode value, String... words) {
        for (String word : words) {
            WORDS.put(word, value);
        }
    }

    private YamlScalars() {}

    /**
     * What a scalar is before JSON: a number written with a fraction or exponent is a double.
     *
     * @param tag written in full; null where none is
     * @param plain neither quoted nor a block
     * @throws IllegalArgumentException for a text that is not what its tag says
     */
    static ValueNode resolve(@Nullable String tag, boolean plain, String text) {
        if (tag == null) {
            return plain ? guess(text) : TextNode.valueOf(text);
        }
        return switch (tag) {
            case BINARY -> TextNode.valueOf(decode(text));
            case INTEGER, FLOAT, BOOLEAN, NULL -> tagged(tag, text);
            case TIMESTAMP -> timestamp(text);
            default -> TextNode.valueOf(text);
        };
    }

    private static ValueNode guess(String text) {
        ValueNode word = WORDS.get(text);
        if (word != null) {
            return word;
        }
        char first = text.charAt(0);
        ValueNode number = null;
        if (first == '.') {
            number = floating(GoNumbers.pointFloat(text));
        } else if (first == '+' || first == '-' || (first >= '0' && first <= '9')) {
            number = number(text.replace("_", ""));
        }
        return number == null ? TextNode.valueOf(text) : number;
    }

    private static @Nullable ValueNode number(String digits) {
        BigInteger integer = GoNumbers.integer(digits);
        return integer == null ? floating(GoNumbers.yamlFloat(digits)) : integer(integer);
    }

    private static @Nullable ValueNode floating(@Nullable Double value) {
        return value == null ? null : DoubleNode.valueOf(value);
    }

    private static ValueNode integer(BigInteger value) {
        return value.bitLength() < Long.SIZE ? LongNode.valueOf(value.longValue()) : BigIntegerNode.valueOf(value);
    }

    private static ValueNode tagged(String tag, String text) {
        ValueNode value = guess(text);
        boolean fits =
                switch (tag) {
                    case INTEGER -> value.isIntegralNumber();
                    case FLOAT -> value.isDouble() || value.isLong();
                    case BOOLEAN -> value.isBoolean();
                    default -> value.isNull();
                };
        if (!fits) {
            throw mismatch(tag, text);
        }
        return value;
    }

    /** A timestamp stays text; all that its tag refuses is what cannot be one. */
    private static ValueNode timestamp(String text) {
        if (!text.matches("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9:.]+(?:Z|[-+][0-9:]+)?)?")) {
            throw mismatch(TIMESTAMP, text);
        }
        return TextNode.valueOf(text);
    }

    private static String decode(String text) {
        String letters = text.replace("\n", "").replace("\r", "");
        try {
            if (letters.length() % 4 == 0) {
                return new String(Base64.getDecoder().decode(letters), StandardCharsets.UTF_8);
            }
        } catch (IllegalArgumentException e) {
            throw mismatch(BINARY, text);
        }
        throw mismatch(BINARY, text);
    }

    private static IllegalArgumentException mismatch(String tag, String text) {
        return new IllegalArgumentException(
                Text.quote(text) + " is not what its tag !!" + tag.substring(PREFIX.length()) + " says");
    }

    /** A resolved scalar as JSON holds it. @throws IllegalArgumentException for infinity and what is not a number */
    static ValueNode json(ValueNode value) {
        if (!value.isDouble()) {
            return value;
        }
        double number = value.doubleValue();
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("JSON, and so Kubernetes, has no number for infinity and NaN");
        }
        boolean isInteger = Math.rint(number) == number && Math.abs(number) < FIRST_WITH_EXPONENT;
        return isInteger ? integer(new BigDecimal(Double.toString(number)).toBigInteger()) : value;
    }

    /** A resolved scalar as the key of a JSON object; null for what cannot be one. */
    static @Nullable String key(ValueNode value) {
        if (value.isNull() || value.isBigInteger()) {
            return null;
        }
        return value.isDouble() ? GoNumbers.key(value.doubleValue()) : value.asText();
    }
}
