package dev.unroot.registry.layer;

import static dev.unroot.fuzz.Fuzz.pick;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.unroot.fuzz.Fuzz;
import dev.unroot.registry.TestLayer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/** Damaged layers end in an error that says so, and sound ones are read as another library reads them. */
class TarFuzzTest {
    private static final int BLOCK = 512;
    private static final int MOST_BYTES = 1 << 20;
    private static final List<String> WORDS = List.of(
            "etc/passwd", ".wh.", "ustar\0", "ustar  \0", "27 GNU.sparse.major=1\n", "00000000777\0", "\0", "\0\0\0\0");

    static List<byte[]> seeds() {
        byte[] layer = TestLayer.passwd("app:x:1000:1000::/:\n")
                .whiteout("usr/x")
                .symbolicLink("bin", "usr/bin")
                .file("a/".repeat(70) + "passwd", "x")
                .unpacked();
        byte[] pax = TestLayer.passwd("")
                .put(paxEntry(), new byte[0])
                .special("etc/passwd", 'S')
                .unpacked();
        return List.of(layer, pax, TestLayer.gzip(layer), Zstd.compress(layer));
    }

    private static TarArchiveEntry paxEntry() {
        TarArchiveEntry entry = TestLayer.entry("x", TarConstants.LF_NORMAL);
        entry.addPaxHeader("path", "etc/passwd");
        entry.addPaxHeader("SCHILY.xattr.user.x", "y");
        return entry;
    }

    @Test
    void damageIsAnError() {
        Fuzz.mutate(6_000, seeds(), WORDS, TarFuzzTest::read);
    }

    static void read(byte[] layer) throws IOException {
        scan(layer);
        scan(withSoundHeaders(layer));
    }

    private static void scan(byte[] layer) {
        LayerScan scan = new LayerScan(1000, 1000);
        try (InputStream unpacking = Unpacking.open(new ByteArrayInputStream(layer), 128 << 20, "", Runnable::run)) {
            BoundedDigestStream bounded = new BoundedDigestStream(
                    unpacking, MessageDigest.getInstance("SHA-256"), MOST_BYTES, "unpacked", () -> {});
            LayerTar.read(bounded, scan);
        } catch (IOException damaged) {
            assertThat(damaged).isNotNull();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
        LayerFindings findings = scan.findings(Set.of("etc"));
        assertThat(findings.passwd() == null || !findings.hidesPasswd()).isTrue();
    }

    /** Mutations mostly break a header's sum, behind which nothing else is tried. */
    private static byte[] withSoundHeaders(byte[] layer) {
        byte[] mended = layer.clone();
        for (int start = 0; start + BLOCK <= mended.length; start += BLOCK) {
            if (mended[start + 257] == 'u' && mended[start + 258] == 's') {
                Arrays.fill(mended, start + 148, start + 156, (byte) ' ');
                int sum = 0;
                for (int i = start; i < start + BLOCK; i++) {
                    sum += mended[i] & 0xff;
                }
                byte[] text = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(text, 0, mended, start + 148, text.length);
            }
        }
        return mended;
    }

    @Test
    void soundArchivesAreReadAsAnotherLibraryReadsThem() {
        Fuzz.generate(1_500, random -> {
            byte[] archive = archive(random);
            assertThat(ours(archive)).isEqualTo(theirs(archive)).isNotEmpty();
        });
    }

    private static byte[] archive(Random random) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, BLOCK, "UTF-8")) {
            tar.setLongFileMode(
                    pick(random, TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX));
            tar.setBigNumberMode(
                    pick(random, TarArchiveOutputStream.BIGNUMBER_STAR, TarArchiveOutputStream.BIGNUMBER_POSIX));
            tar.setAddPaxHeadersForNonAsciiNames(random.nextBoolean());
            for (int count = 1 + random.nextInt(6); count > 0; count--) {
                byte type = pick(random, TarConstants.LF_NORMAL, TarConstants.LF_DIR, TarConstants.LF_SYMLINK);
                TarArchiveEntry entry = TestLayer.entry(name(random) + (type == TarConstants.LF_DIR ? "/" : ""), type);
                byte[] content = new byte[type == TarConstants.LF_NORMAL ? random.nextInt(1500) : 0];
                random.nextBytes(content);
                entry.setSize(content.length);
                if (type == TarConstants.LF_SYMLINK) {
                    entry.setLinkName(name(random));
                }
                if (random.nextInt(4) == 0) {
                    entry.setUserId(1L << 40);
                }
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int parts = 1 + random.nextInt(4); parts > 0; parts--) {
            name.append(name.length() == 0 ? "" : "/")
                    .append(pick(random, "etc", "passwd", "ü", "a b", "x".repeat(1 + random.nextInt(120)), "."));
        }
        return name.toString();
    }

    private static List<String> ours(byte[] archive) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(archive));
        List<String> entries = new ArrayList<>();
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            entries.add(line(utf8(entry.name()), (byte) entry.type(), utf8(entry.linkName()), reader.data(2000)));
        }
        return entries;
    }

    private static List<String> theirs(byte[] archive) throws IOException {
        List<String> entries = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive), "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add(line(entry.getName(), entry.getLinkFlag(), entry.getLinkName(), tar.readAllBytes()));
            }
        }
        return entries;
    }

    private static String line(String name, byte type, String link, byte[] content) {
        return name + " " + type + " " + link + " " + HexFormat.of().formatHex(content);
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
