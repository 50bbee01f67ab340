package dev.unroot.registry.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.registry.TestLayer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values were taken from Go's {@code archive/tar}. */
class TarReaderTest {
    private static final int BLOCK = 512;
    private static final String LONG = "d/" + "n".repeat(300);

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();

    /** Entries as {@code type name size content}. */
    private List<String> read() throws IOException {
        return read(archive.toByteArray());
    }

    private static List<String> read(byte[] bytes) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(bytes));
        List<String> entries = new ArrayList<>();
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            String data = new String(reader.data(10), StandardCharsets.ISO_8859_1);
            entries.add((entry.type() + " " + entry.name() + " " + entry.size() + " " + data).trim());
        }
        return entries;
    }

    private void add(String name, char type, String content) {
        add(header(name, type, content.length()));
        addData(content);
    }

    private void add(byte[] block) {
        archive.writeBytes(block);
    }

    private void addData(String content) {
        byte[] data = content.getBytes(StandardCharsets.ISO_8859_1);
        archive.writeBytes(Arrays.copyOf(data, (data.length + BLOCK - 1) / BLOCK * BLOCK));
    }

    private void addPax(char type, String... records) {
        StringBuilder text = new StringBuilder();
        for (String record : records) {
            int length = record.length() + 2;
            length += String.valueOf(length + String.valueOf(length).length()).length();
            text.append(length).append(' ').append(record).append('\n');
        }
        add("pax", type, text.toString());
    }

    private static byte[] header(String name, char type, long size) {
        byte[] block = new byte[BLOCK];
        put(block, 0, name);
        put(block, 100, "0000644\0");
        put(block, 124, String.format("%011o\0", size));
        block[156] = (byte) type;
        put(block, 257, "ustar\000" + "00");
        return sum(block);
    }

    private static void put(byte[] block, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, offset, bytes.length);
    }

    private static byte[] sum(byte[] block) {
        put(block, 148, "        ");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, String.format("%06o\0 ", sum));
        return block;
    }

    @ParameterizedTest
    @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
    void readsWhatAnotherImplementationWrites(int longNames) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(archive)) {
            tar.setLongFileMode(longNames);
            for (String name : List.of("a", LONG, "b")) {
                TarArchiveEntry entry = TestLayer.entry(name, TarConstants.LF_NORMAL);
                entry.setSize(3);
                tar.putArchiveEntry(entry);
                tar.write(new byte[] {'x', 'y', 'z'});
                tar.closeArchiveEntry();
            }
            tar.putArchiveEntry(TestLayer.entry("c/", TarConstants.LF_DIR));
            tar.closeArchiveEntry();
        }

        assertThat(read()).containsExactly("0 a 3 xyz", "0 " + LONG + " 3 xyz", "0 b 3 xyz", "5 c/ 0");
    }

    @Test
    void aGlobalHeaderRenamesNothing() throws IOException {
        addPax('g', "path=other", "size=0");
        add("etc/passwd", '0', "abc");

        assertThat(read()).containsExactly("0 etc/passwd 3 abc");
    }

    @Test
    void aGlobalHeaderEndsWhatTheExtendedHeaderBeforeItSaid() throws IOException {
        addPax('x', "path=other");
        addPax('g', "comment=x");
        add("etc/passwd", '0', "abc");

        assertThat(read()).containsExactly("0 etc/passwd 3 abc");
    }

    @Test
    void anExtendedHeaderConcernsTheNextEntryOnlyAndReplacesTheOneBefore() throws IOException {
        addPax('x', "path=first", "linkpath=l");
        addPax('x', "path=second", "path=third", "uid=5", "size=2");
        add("plain", '0', "abc");
        add("next", '0', "d");

        assertThat(read()).containsExactly("0 third 2 ab", "0 next 1 d");
    }

    @Test
    void anEmptyRecordKeepsThePlainValue() throws IOException {
        addPax('x', "path=", "size=");
        add("plain", '0', "abc");

        assertThat(read()).containsExactly("0 plain 3 abc");
    }

    @Test
    void aLongNameGoesBeforeAnExtendedHeader() throws IOException {
        add("././@LongLink", 'L', "long\0rest");
        addPax('x', "path=pax");
        add("plain", '0', "");

        assertThat(read()).containsExactly("0 long 0");
    }

    @Test
    void linksHaveNoDataWhateverTheirSize() throws IOException {
        add(header("link", '2', 512));
        add("etc/passwd", '0', "abc");

        assertThat(read()).containsExactly("2 link 0", "0 etc/passwd 3 abc");
    }

    @Test
    void oldRegularFilesAreDirectoriesWhereTheirNameSaysSo() throws IOException {
        add("a", '\0', "");
        add("a/", '\0', "");
        add("a/", '0', "");

        assertThat(read()).containsExactly("0 a 0", "5 a/ 0", "0 a/ 0");
    }

    @Test
    void thePrefixBelongsToTheName() throws IOException {
        byte[] ustar = header("passwd", '0', 0);
        put(ustar, 345, "etc");
        add(sum(ustar));
        byte[] version7 = header("passwd", '0', 0);
        put(version7, 257, "\0\0\0\0\0\0\0\0");
        put(version7, 345, "etc");
        add(sum(version7));
        byte[] gnu = header("passwd", '0', 0);
        put(gnu, 257, "ustar  \0");
        add(sum(gnu));
        byte[] oldGo = header("passwd", '0', 0);
        put(oldGo, 257, "ustar  \0");
        put(oldGo, 345, "etc");
        add(sum(oldGo));
        byte[] gnuWithTimes = header("passwd", '0', 0);
        put(gnuWithTimes, 257, "ustar  \0");
        put(gnuWithTimes, 345, "00000000000\00000000000\0");
        add(sum(gnuWithTimes));

        assertThat(read())
                .containsExactly("0 etc/passwd 0", "0 passwd 0", "0 passwd 0", "0 etc/passwd 0", "0 passwd 0");
    }

    @Test
    void largeSizesAreBinary() throws IOException {
        byte[] block = header("a", '0', 0);
        put(block, 124, "\u0080\0\0\0\0\0\0\0\0\0\0\u0003");
        add(sum(block));
        addData("abc");
        add("b", '0', "");

        assertThat(read()).containsExactly("0 a 3 abc", "0 b 0");
    }

    @Test
    void sparseFilesAreKnownForSuchAndGoByTheirRealName() throws IOException {
        addPax('x', "GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=etc/passwd", "path=made/up");
        add("x", '0', "1\n0\n3\n");
        addPax('x', "GNU.sparse.major=9", "GNU.sparse.name=other");
        add("etc/passwd", '0', "abc");
        byte[] old = header("etc/shadow", 'S', 3);
        put(old, 257, "ustar  \0");
        old[482] = 1;
        add(sum(old));
        add(new byte[BLOCK]);
        addData("abc");
        add("last", '0', "");

        TarReader reader = new TarReader(new ByteArrayInputStream(archive.toByteArray()));
        assertThat(reader.next()).satisfies(entry -> {
            assertThat(entry.name()).isEqualTo("etc/passwd");
            assertThat(entry.isPlainFile()).isFalse();
        });
        assertThat(reader.next()).satisfies(entry -> {
            assertThat(entry.name()).isEqualTo("etc/passwd");
            assertThat(entry.isPlainFile()).isFalse();
        });
        assertThat(reader.next())
                .satisfies(entry -> assertThat(entry.isPlainFile()).isFalse());
        assertThat(reader.next()).satisfies(entry -> assertThat(entry.name()).isEqualTo("last"));
    }

    @Test
    void theArchiveEndsAtTwoZeroBlocksOrWithTheBytes() throws IOException {
        add("a", '0', "");
        byte[] open = archive.toByteArray();
        add(new byte[BLOCK]);
        byte[] halfClosed = archive.toByteArray();
        add(new byte[BLOCK]);
        add("b", '0', "");

        assertThat(read(open)).containsExactly("0 a 0");
        assertThat(read(halfClosed)).containsExactly("0 a 0");
        assertThat(read()).containsExactly("0 a 0");
    }

    @Test
    void goingOnAfterOneZeroBlockIsMalformed() {
        add(new byte[BLOCK]);
        add("b", '0', "");

        assertThatThrownBy(this::read).isInstanceOf(IOException.class);
    }

    @Test
    void aWrongChecksumOrSizeIsMalformed() {
        byte[] badSum = header("a", '0', 0);
        badSum[0] = 'b';
        byte[] badSize = header("a", '0', 0);
        put(badSize, 124, "9");
        byte[] negative = header("a", '0', 0);
        put(negative, 124, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff");

        assertThatThrownBy(() -> read(badSum)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(sum(badSize))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(sum(negative))).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "5 a=",
                "9999 path=x\n",
                "11 path=abc\n",
                "6 =abc\n",
                "10 path\0=\n",
                "12 path=a\0b\n",
                "13 size=-100\n",
                "-5 a=b\n",
                "0 a=b\n",
                "99999999999999999999 a=b\n",
                "8 sizeb\n"
            })
    void aMalformedExtendedHeaderIsAnError(String records) {
        add("pax", 'x', records);
        add("a", '0', "");

        assertThatThrownBy(this::read).isInstanceOf(IOException.class);
    }

    @Test
    void aCutOffArchiveIsAnError() {
        add("a", '0', "abc");
        byte[] whole = archive.toByteArray();

        assertThatThrownBy(() -> read(Arrays.copyOf(whole, 500))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, 514))).isInstanceOf(IOException.class);
    }

    /** Whatever the bytes: an end or an {@link IOException}, nothing else. */
    @Test
    void damageIsNothingButAnIoException() {
        add("a", '0', "abc");
        addPax('x', "path=" + LONG, "size=3", "GNU.sparse.name=x");
        add("b", '0', "abc");
        add("././@LongLink", 'L', LONG);
        add("c", '5', "");
        byte[] whole = archive.toByteArray();
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = whole.clone();
            int block = random.nextInt(whole.length / BLOCK) * BLOCK;
            for (int change = 0; change < 1 + random.nextInt(4); change++) {
                damaged[block + random.nextInt(BLOCK)] = (byte) random.nextInt(256);
            }
            byte[] header = Arrays.copyOfRange(damaged, block, block + BLOCK);
            System.arraycopy(sum(header), 0, damaged, block, BLOCK);
            try {
                read(damaged);
            } catch (IOException malformed) {
                assertThat(malformed.getMessage()).startsWith("a ");
            }
        }
    }
}
