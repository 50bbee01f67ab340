package dev.unroot.configuration;

import dev.unroot.common.Quantities;
import dev.unroot.configuration.Configuration.ImageLimits;
import dev.unroot.registry.documents.Limits;
import java.util.function.Function;

/** Reads {@code imageLookup.limits} of the configuration file. */
final class LimitsSection {
    private static final long KIBIBYTE = 1L << 10;
    private static final long MEBIBYTE = 1L << 20;
    private static final long GIBIBYTE = 1L << 30;
    private static final int MOST_AT_ONCE = 1_000;

    private LimitsSection() {}

    static ImageLimits read(Section section) {
        ImageLimits standard = ImageLimits.DEFAULT;
        Limits image = standard.image();
        ImageLimits limits = new ImageLimits(
                new Limits(
                        (int) bytes(section, "manifestBytes", image.manifestBytes(), KIBIBYTE, 64 * MEBIBYTE),
                        (int) bytes(section, "configBytes", image.configBytes(), KIBIBYTE, 64 * MEBIBYTE),
                        bytes(section, "layerBytes", image.layerBytes(), KIBIBYTE, 64 * GIBIBYTE),
                        bytes(section, "unpackedBytes", image.inflatedBytes(), KIBIBYTE, 256 * GIBIBYTE),
                        count(section, "layerEntries", image.layerEntries(), 1, 100_000_000),
                        (int) bytes(section, "passwdBytes", image.passwdBytes(), KIBIBYTE, 64 * MEBIBYTE),
                        count(section, "indexEntries", image.indexEntries(), 1, 100_000),
                        count(section, "indexDepth", image.indexDepth(), 1, 16),
                        count(section, "layers", image.layers(), 1, 10_000),
                        bytes(section, "zstdWindowBytes", image.zstdWindowBytes(), MEBIBYTE, GIBIBYTE)),
                count(section, "lookups", standard.lookups(), 1, MOST_AT_ONCE),
                count(section, "lookupsPerRegistry", standard.lookupsPerRegistry(), 1, MOST_AT_ONCE),
                count(section, "waiting", standard.waiting(), 0, 1_000_000));
        section.end();
        return limits;
    }

    private static long bytes(Section section, String key, long standard, long least, long most) {
        return section.value(key, standard, within(Quantities::bytes, least, most, Quantities::text));
    }

    private static int count(Section section, String key, int standard, int least, int most) {
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
