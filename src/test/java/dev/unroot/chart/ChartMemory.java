package dev.unroot.chart;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the chart's values let a container have. */
public final class ChartMemory {
    private static final Pattern LIMIT = Pattern.compile("(?m)^ *limits: \\{memory: (\\d+)Mi}");

    private ChartMemory() {}

    /** In bytes. */
    public static long limit() throws Exception {
        Matcher limit = LIMIT.matcher(Files.readString(Path.of("charts/unroot/values.yaml")));
        if (!limit.find()) {
            throw new AssertionError("charts/unroot/values.yaml has no limits.memory in Mi");
        }
        return Long.parseLong(limit.group(1)) << 20;
    }
}
