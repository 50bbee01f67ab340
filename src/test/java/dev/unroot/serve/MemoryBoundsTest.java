package dev.unroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Changed;
import dev.unroot.chart.ChartMemory;
import dev.unroot.registry.documents.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The sum of all that a replica may take is less than the chart lets its container have; the image's options hold it there. */
class MemoryBoundsTest {
    @Test
    void theirSumIsUnderTheLimitThatTheChartWrites() throws Exception {
        long limit = ChartMemory.limit();

        MemoryBounds bounds = MemoryBounds.ofImage(limit, Limits.DEFAULT);

        assertThat(bounds.total()).isLessThan(limit);
        // A heap that is too small for its shares fails in its own way.
        assertThat(bounds.heap()).isGreaterThanOrEqualTo(256L << 20);
        assertThat(MemoryBounds.ofImage(256L << 20, Limits.DEFAULT).total()).isGreaterThan(256L << 20);
    }

    @Test
    void largerWindowsThanTheDefaultCount() throws Exception {
        Limits larger = Changed.of(Limits.DEFAULT, "zstdWindowBytes", 1L << 30);

        assertThat(MemoryBounds.ofImage(ChartMemory.limit(), larger).total()).isGreaterThan(1L << 30);
    }

    @Test
    void theImageSetsThem() throws Exception {
        Matcher flag = Pattern.compile("<jvmFlag>(.*)</jvmFlag>").matcher(Files.readString(Path.of("pom.xml")));
        assertThat(flag.results().map(found -> found.group(1)))
                .contains(
                        "-XX:MaxRAMPercentage=" + MemoryBounds.HEAP_PERCENT,
                        MemoryBounds.DIRECT_FLAG,
                        MemoryBounds.METASPACE_FLAG,
                        MemoryBounds.CODE_FLAG,
                        "-Dio.netty.allocator.type=pooled");
        MemoryBounds bounds = MemoryBounds.ofImage(1 << 20, Limits.DEFAULT);
        assertThat(MemoryBounds.DIRECT_FLAG).endsWith("=" + (bounds.direct() >> 20) + "m");
        assertThat(MemoryBounds.METASPACE_FLAG).endsWith("=" + (bounds.metaspace() >> 20) + "m");
        assertThat(MemoryBounds.CODE_FLAG).endsWith("=" + (bounds.code() >> 20) + "m");
    }
}
