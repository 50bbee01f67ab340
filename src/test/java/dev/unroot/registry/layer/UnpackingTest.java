package dev.unroot.registry.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.unroot.registry.TestLayer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnpackingTest {
    private static final byte[] FIRST = "first half ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SECOND = "second half".getBytes(StandardCharsets.UTF_8);
    private static final String BOTH = "first half second half";

    private static String unpack(byte[] packed) throws IOException {
        try (InputStream unpacked = Unpacking.open(new DripInputStream(packed))) {
            return new String(unpacked.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void whatIsNotCompressedIsItself() throws IOException {
        assertThat(unpack(FIRST)).isEqualTo("first half ");
        assertThat(unpack(new byte[0])).isEmpty();
        assertThat(unpack(new byte[] {0x1f})).isEqualTo("\u001f");
    }

    @Test
    void gzipMayHaveSeveralMembers() throws IOException {
        assertThat(unpack(join(TestLayer.gzip(FIRST), TestLayer.gzip(new byte[0]), TestLayer.gzip(SECOND))))
                .isEqualTo(BOTH);
    }

    @Test
    void zstdMayHaveSeveralFramesAndSkippableOnes() throws IOException {
        byte[] skippable = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'x', 'y', 'z'};

        assertThat(unpack(join(skippable, Zstd.compress(FIRST), skippable, Zstd.compress(SECOND), skippable)))
                .isEqualTo(BOTH);
    }

    @Test
    void aCutOffOrDamagedStreamIsAnError() {
        byte[] gzip = TestLayer.gzip(FIRST);
        byte[] zstd = Zstd.compress(FIRST);
        byte[] wrongSum = gzip.clone();
        wrongSum[gzip.length - 6] ^= 1;

        assertThatThrownBy(() -> unpack(Arrays.copyOf(gzip, gzip.length - 9))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> unpack(Arrays.copyOf(zstd, zstd.length - 2))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> unpack(wrongSum)).isInstanceOf(IOException.class);
    }

    @Test
    void zstdMayNotAskForMoreMemoryThanEveryDecoderHas() throws IOException {
        // A frame of one empty block; the sixth byte is the window, 2^(10 + n / 8).
        assertThat(unpack(HexFormat.of().parseHex("28b52ffd0068010000"))).isEmpty();
        assertThatThrownBy(() -> unpack(HexFormat.of().parseHex("28b52ffd0070010000")))
                .isInstanceOf(TooLargeException.class)
                .hasMessage("needs more than 8388608 bytes of memory to be unpacked from zstd");
    }

    @Test
    void zstdOfTheHighestOrdinaryLevelIsRead() throws IOException {
        // More than the window, or the frame would name its own size in place of one.
        String much = new Random(1)
                .ints(10 << 20, 'a', 'c')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        byte[] zstd = Zstd.compress(much.getBytes(StandardCharsets.UTF_8), 19);
        assertThat(unpack(zstd).equals(much)).isTrue();
    }

    /** Gives one byte at a time and promises none, as a network may. */
    private static final class DripInputStream extends FilterInputStream {
        DripInputStream(byte[] content) {
            super(new ByteArrayInputStream(content));
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return super.read(target, offset, Math.min(length, 1));
        }

        @Override
        public int available() {
            return 0;
        }
    }
}
