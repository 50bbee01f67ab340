package dev.unroot.registry.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdOutputStream;
import dev.unroot.Changed;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupMemory;
import dev.unroot.registry.MemorySource;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TestImage;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.TestLayer;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.layer.LayerScan;
import dev.unroot.registry.layer.TocCheck;
import dev.unroot.registry.layer.TocMark;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is larger, or more often there, than in most images, and what nodes run all the same. */
@Timeout(300)
class LargeImagesTest {
    private static final String NAME = "registry.example/app:1";
    private static final String ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";
    private static final String PASSWD = "app:x:1000:1001::/:\n";
    private static final List<Platform> AMD64 = List.of(Platform.parse("linux/amd64"));

    private final TestImages images = new TestImages();
    private Limits limits = Limits.DEFAULT;

    private ImageFacts read(List<Platform> platforms) {
        Pull pull = new Pull(ImageReference.parse(NAME), PullIdentity.NONE, Deadline.in(Duration.ofMinutes(10)));
        return new ImageReader(new MemorySource(images), limits)
                .read(pull, platforms, Detail.USER)
                .toCompletableFuture()
                .join();
    }

    private void assertUid(long uid) {
        assertThat(read(AMD64))
                .isInstanceOfSatisfying(
                        ImageFacts.Known.class,
                        known -> assertThat(known.users())
                                .extracting(found -> found.user().uid())
                                .containsExactly(uid));
    }

    private void assertTooLarge(String reason) {
        assertThat(read(AMD64)).isInstanceOfSatisfying(ImageFacts.Unknown.class, unknown -> {
            assertThat(unknown.cause()).isEqualTo(UnknownCause.TOO_LARGE);
            assertThat(unknown.reason()).contains(reason);
        });
    }

    /** As the zstd program writes it with {@code --long=N}: not knowing how much is to come. */
    private static byte[] zstd(byte[] content, int windowLog) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZstdOutputStream zstd = new ZstdOutputStream(packed).setLong(windowLog)) {
            zstd.write(content);
        }
        return packed.toByteArray();
    }

    private void addZstd(int windowLog) throws IOException {
        byte[] tar = TestLayer.passwd(PASSWD).unpacked();
        images.add(NAME, new TestImage().user("app").layer(ZSTD, zstd(tar, windowLog), tar));
    }

    @Test
    void zstdWithWindowsOfUpTo128MebibytesIsRead() throws IOException {
        for (int log : List.of(22, 25, 27)) {
            addZstd(log);
            assertUid(1000);
        }
    }

    @Test
    void howLargeAWindowMayBeIsSaidByALimit() throws IOException {
        limits = Changed.of(
                Limits.DEFAULT,
                "manifestBytes",
                1 << 20,
                "configBytes",
                1 << 20,
                "layerBytes",
                1 << 30,
                "inflatedBytes",
                1 << 30,
                "layerEntries",
                100,
                "passwdBytes",
                1000,
                "indexEntries",
                10,
                "indexDepth",
                2,
                "layers",
                10,
                "zstdWindowBytes",
                16 << 20);
        addZstd(24);
        assertUid(1000);
        addZstd(25);
        assertTooLarge("needs more than 16777216 bytes of memory");
    }

    private static String rows(int bytes) {
        StringBuilder rows = new StringBuilder();
        while (rows.length() < bytes) {
            rows.append("user").append(rows.length()).append(":x:5:5::/:\n");
        }
        return rows + PASSWD;
    }

    @Test
    void aPasswdOfSeveralMebibytesIsReadAndGivesItsRoomBack() {
        images.add(NAME, new TestImage().user("app").passwd(rows(9 << 20)));
        assertUid(1000);
        assertRoomIsFree();

        images.add(NAME, new TestImage().user("app").passwd(rows(11 << 20)));
        assertTooLarge("an /etc/passwd of more than 10485760 bytes");
        assertRoomIsFree();

        byte[] tar = TestLayer.passwd(rows(2 << 20)).unpacked();
        images.add(NAME, new TestImage().user("app").layer("", tar, new byte[0]));
        assertThat(read(AMD64)).isInstanceOf(ImageFacts.Unknown.class);
        assertRoomIsFree();
    }

    private static void assertRoomIsFree() {
        LookupMemory memory = LookupMemory.shared();
        try (LookupMemory.Room room = memory.room("", new Object(), LargeImagesTest::neverWaits)) {
            room.passwd(memory.largestPasswd());
        }
    }

    private static void neverWaits(Runnable step) {
        throw new IllegalStateException("has to wait");
    }

    /** A layer may take its time until it comes to its table: that holds up nobody. */
    @Test
    void aTableTakesRoomOnceItBegins() throws IOException {
        int length = 5 << 20;
        TocMark mark = TocMark.of(Map.of(
                "io.github.containers.zstd-chunked.manifest-checksum", "sha256:" + "0".repeat(64),
                "io.github.containers.zstd-chunked.manifest-position", "1000:" + length + ":9:1"));
        List<Long> taken = new ArrayList<>();
        LayerScan.Room room = new LayerScan.Room() {
            @Override
            public void passwd(long bytes) {}

            @Override
            public void more(long bytes) {
                taken.add(bytes);
            }
        };
        InputStream layer = new TocCheck(mark, limits, () -> {}, room, "", Runnable::run)
                .watch(new ByteArrayInputStream(new byte[2000]));
        layer.readNBytes(1000);
        assertThat(taken).isEmpty();
        layer.readNBytes(2);
        assertThat(taken).containsExactly((long) length);
    }

    @Test
    void thousandsOfLayersAreGoneThroughWithoutAStackThatGrows() {
        limits = Changed.of(
                Limits.DEFAULT,
                "manifestBytes",
                64 << 20,
                "configBytes",
                64 << 20,
                "layerBytes",
                1 << 20,
                "inflatedBytes",
                1 << 20,
                "layerEntries",
                100,
                "passwdBytes",
                1000,
                "indexEntries",
                10,
                "indexDepth",
                2,
                "layers",
                10_000);
        TestImage image = new TestImage().user("app").passwd(PASSWD);
        TestLayer nothing = new TestLayer().directory("usr");
        for (int i = 0; i < 9_000; i++) {
            image.layer(nothing);
        }
        images.add(NAME, image);

        assertUid(1000);
    }

    @Test
    void indexesThatListEachOtherManyTimesAreGoneThroughOnce() {
        limits = Changed.of(
                Limits.DEFAULT,
                "manifestBytes",
                1 << 20,
                "configBytes",
                1 << 20,
                "layerBytes",
                1 << 20,
                "inflatedBytes",
                1 << 20,
                "layerEntries",
                100,
                "passwdBytes",
                1000,
                "indexEntries",
                1_000,
                "indexDepth",
                16,
                "layers",
                10);
        ObjectNode entry = images.entry(new TestImage().user("7"), Platform.parse("linux/amd64"));
        for (int depth = 0; depth < 15; depth++) {
            entry = images.index(Collections.nCopies(500, entry));
        }
        images.addIndex(NAME, List.of(entry));

        assertThat(read(List.of()))
                .isInstanceOfSatisfying(
                        ImageFacts.Known.class,
                        known -> assertThat(known.users())
                                .extracting(PlatformUser::platform)
                                .containsExactlyElementsOf(AMD64));
    }
}
