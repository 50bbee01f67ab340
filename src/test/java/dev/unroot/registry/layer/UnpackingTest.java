package dev.unroot.registry.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.unroot.registry.TestLayer;
import dev.unroot.registry.documents.TooLargeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackingTest {
    private static final byte[] FIRST = "first half ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SECOND = "second half".getBytes(StandardCharsets.UTF_8);
    private static final String BOTH = "first half second half";

    private static String unpack(byte[] packed) throws IOException {
        try (InputStream unpacked = Unpacking.open(new DripInputStream(packed), 128 << 20, "", Runnable::run)) {
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

        assertThat(unpack(join(Zstd.compress(FIRST), skippable, Zstd.compress(SECOND), skippable)))
                .isEqualTo(BOTH);
    }

    /** One family of runtimes unpacks it, and the other one takes it for a tar. */
    @ParameterizedTest
    @ValueSource(strings = {"5a2a4d1803000000", "425a683931415926", "fd377a585a000004"})
    void whatRuntimesTakeForDifferentThingsIsRefused(String start) {
        assertThatThrownBy(() -> unpack(join(HexFormat.of().parseHex(start), Zstd.compress(FIRST))))
                .isInstanceOf(UnsupportedLayerException.class)
                .hasMessage("runtimes do not agree on how it is compressed");
    }

    /** Go's reader fails, {@code unpigz} warns and goes on, Java's own stops without a word. */
    @ParameterizedTest
    @ValueSource(strings = {"00", "0000000000000000", "6a756e6b", "1f", "1f8b", "1f8b0800", "1f8b0900000000000003"})
    void whatFollowsGzipIsGzipOrAnError(String junk) throws IOException {
        assertThatThrownBy(
                        () -> unpack(join(TestLayer.gzip(FIRST), HexFormat.of().parseHex(junk))))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> unpack(join(
                        TestLayer.gzip(FIRST),
                        TestLayer.gzip(SECOND),
                        HexFormat.of().parseHex(junk))))
                .isInstanceOf(IOException.class);
    }

    /** Of a second member that one reader takes and another one does not, the first would be all that is looked at. */
    @Test
    void headersThatNotEveryoneReadsAreErrors() throws IOException {
        byte[] gzip = TestLayer.gzip(SECOND);
        byte[] body = Arrays.copyOfRange(gzip, 10, gzip.length);
        String fixed = "000000000003";

        assertThat(unpack(join(TestLayer.gzip(FIRST), header("1f8b081c" + fixed + "0200aabb" + "6e00" + "6300"), body)))
                .isEqualTo(BOTH);
        assertThat(unpack(join(TestLayer.gzip(FIRST), withChecksum("1f8b0802" + fixed, 0), body)))
                .isEqualTo(BOTH);
        for (byte[] odd : List.of(
                withChecksum("1f8b0802" + fixed, 1),
                header("1f8b0820" + fixed),
                header("1f8b0880" + fixed),
                header("1f8b0808" + fixed + "61".repeat(512) + "00"),
                header("1f8b0810" + fixed + "61".repeat(512) + "00"))) {
            assertThatThrownBy(() -> unpack(join(TestLayer.gzip(FIRST), odd, body)))
                    .as(HexFormat.of().formatHex(odd))
                    .isInstanceOf(IOException.class);
        }
        assertThat(unpack(join(TestLayer.gzip(FIRST), header("1f8b0808" + fixed + "61".repeat(511) + "00"), body)))
                .isEqualTo(BOTH);
    }

    private static byte[] header(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] withChecksum(String hex, int off) {
        CRC32 checksum = new CRC32();
        checksum.update(header(hex));
        int low = (int) checksum.getValue() + off;
        return join(header(hex), new byte[] {(byte) low, (byte) (low >> 8)});
    }

    @Test
    void aCutOffOrDamagedStreamIsAnError() {
        byte[] gzip = TestLayer.gzip(FIRST);
        byte[] zstd = Zstd.compress(FIRST);
        byte[] wrongSum = gzip.clone();
        wrongSum[gzip.length - 6] ^= 1;
        byte[] wrongLength = gzip.clone();
        wrongLength[gzip.length - 1] ^= 1;

        assertThatThrownBy(() -> unpack(Arrays.copyOf(gzip, gzip.length - 9))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> unpack(Arrays.copyOf(zstd, zstd.length - 2))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> unpack(wrongSum)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> unpack(wrongLength)).isInstanceOf(IOException.class);
    }

    /** A frame of one empty block; the byte is the window, 2^(10 + n / 8). */
    private static byte[] frame(String window) {
        return HexFormat.of().parseHex("28b52ffd00" + window + "010000");
    }

    @Test
    void zstdMayAskForAsMuchMemoryAsIsAllowed() throws IOException {
        assertThat(unpack(frame("88"))).isEmpty();
        assertThatThrownBy(() -> unpack(frame("89")))
                .isInstanceOf(TooLargeException.class)
                .hasMessage("needs more than 134217728 bytes of memory to be unpacked from zstd");
        // As a later frame, and as one that names its own size for a window.
        assertThatThrownBy(() -> unpack(join(frame("58"), frame("90")))).isInstanceOf(TooLargeException.class);
        assertThatThrownBy(() -> unpack(HexFormat.of().parseHex("28b52ffda001000008010000")))
                .isInstanceOf(TooLargeException.class);
    }

    @Test
    void memoryForZstdIsTakenFrameByFrameAndGivenBack() throws IOException {
        byte[] frames = join(frame("40"), frame("68"), frame("78"), frame("68"));
        long before = ZstdMemory.shared().taken();
        try (InputStream unpacked =
                Unpacking.open(new DripInputStream(frames), 128 << 20, "", UnpackingTest::neverWaits)) {
            assertThat(unpacked.read()).isEqualTo(-1);
            assertThat(ZstdMemory.shared().taken() - before).isEqualTo((8 << 20) + (32 << 20));
        }
        assertThat(ZstdMemory.shared().taken()).isEqualTo(before);
    }

    private static void neverWaits(Runnable step) {
        step.run();
    }

    @Test
    void gzipMayHaveAnyNumberOfEmptyMembers() throws IOException {
        byte[] empty = TestLayer.gzip(new byte[0]);
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) {
            members.writeBytes(empty);
        }
        members.writeBytes(TestLayer.gzip(FIRST));

        try (InputStream unpacked =
                Unpacking.open(new ByteArrayInputStream(members.toByteArray()), 128 << 20, "", Runnable::run)) {
            assertThat(unpacked.readAllBytes()).isEqualTo(FIRST);
        }
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
