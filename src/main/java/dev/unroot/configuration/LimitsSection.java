package dev.unroot.configuration;

import dev.unroot.common.Quantities;
import dev.unroot.registry.documents.Limits;
import java.util.function.Function;

/** Reads {@code imageLookup.limits} of the configuration file. */
final class LimitsSection {
    private static final long KIBIBYTE = 1L << 10;
    private static final long MEBIBYTE = 1L << 20;
    private static final long GIBIBYTE = 1L << 30;

    private LimitsSection() {}

    /** Of one image; the section has more keys than these. */
    static Limits read(Section section) {
        Limits standard = Limits.DEFAULT;
        return new Limits(
                (int) bytes(section, "manifestBytes", standard.manifestBytes(), KIBIBYTE, 64 * MEBIBYTE),
                (int) bytes(section, "configBytes", standard.configBytes(), KIBIBYTE, 64 * MEBIBYTE),
                bytes(section, "layerBytes", standard.layerBytes(), KIBIBYTE, 64 * GIBIBYTE),
                bytes(section, "unpackedBytes", standard.inflatedBytes(), KIBIBYTE, 256 * GIBIBYTE),
                count(section, "layerEntries", standard.layerEntries(), 1, 100_000_000),
                (int) bytes(section, "passwdBytes", standard.passwdBytes(), KIBIBYTE, 64 * MEBIBYTE),
                count(section, "indexEntries", standard.indexEntries(), 1, 100_000),
                count(section, "indexDepth", standard.indexDepth(), 1, 16),
                count(section, "layers", standard.layers(), 1, 10_000),
                bytes(section, "zstdWindowBytes", standard.zstdWindowBytes(), MEBIBYTE, GIBIBYTE));
    }

    private static long bytes(Section section, String key, long standard, long least, long most) {
        return section.value(key, standard, within(Quantities::bytes, least, most, Quantities::text));
    }

    static int count(Section section, String key, int standard, int least, int most) {
        Function<String, Long> read = within(LimitsSection::whole, least, most, String::valueOf);
        return section.value(key, (long) standard, read).intValue();
    }

    private static long whole(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("write a whole number");
        }
        return Long.parseLong(text);
    }

    private static Function<String, Long> within(
            Function<String, Long> read, long least, long most, Function<Long, String> write) {
        return text -> {
            long value = read.apply(text);
            if (value < least || value > most) {
                throw new IllegalArgumentException("must be from " + write.apply(least) + " to " + write.apply(most));
            }
            return value;
        };
    }
}
