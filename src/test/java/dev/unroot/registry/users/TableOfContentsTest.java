package dev.unroot.registry.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.ImageUser;
import dev.unroot.model.ImageVerdict;
import dev.unroot.model.Platform;
import dev.unroot.registry.MemorySource;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TestImage;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.TestLayer;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.layer.Unpacking;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A table of contents counts for nothing, except that it must not say otherwise than its layer. */
class TableOfContentsTest {
    private static final String NAME = "registry.example/app:1";
    private static final String PASSWD = "app:x:1000:1000::/:\n";
    private static final String STARGZ = "containerd.io/snapshot/stargz/toc.digest";
    private static final String CHUNKED = "io.github.containers.zstd-chunked.manifest-";
    private static final String OLD_CHUNKED = "io.containers.zstd-chunked.manifest-";
    private static final String ETC = "{\"name\":\"etc/\",\"type\":\"dir\"}";
    private static final String DISAGREES =
            "but a layer's table of contents, which some runtimes go by, says otherwise than the layer";
    private static final String UNREADABLE =
            "but a layer's table of contents, which some runtimes go by, cannot be checked";

    private final TestImages images = new TestImages();

    private ImageUser user(byte[] packed, byte[] unpacked, Map<String, String> annotations) {
        TestImage image = new TestImage()
                .user("app")
                .passwd("app:x:7:7::/:\n")
                .layer("application/vnd.oci.image.layer.v1.tar", packed, unpacked)
                .changeManifest(manifest -> {
                    ObjectNode written = ((ObjectNode) manifest.path("layers").path(1)).putObject("annotations");
                    annotations.forEach(written::put);
                });
        images.add(NAME, image);
        Pull pull = new Pull(ImageReference.parse(NAME), PullIdentity.NONE, Deadline.in(Duration.ofSeconds(20)));
        ImageFacts facts = new ImageReader(new MemorySource(images), Limits.DEFAULT)
                .read(pull, List.of(Platform.parse("linux/amd64")), Detail.USER)
                .toCompletableFuture()
                .join();
        return ((ImageFacts.Known) facts).users().get(0).user();
    }

    private static void assertUnclear(ImageUser user, String why) {
        assertThat(user.verdict()).isEqualTo(ImageVerdict.UNVERIFIED);
        assertThat(user.reason()).endsWith(why);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream input =
                Objects.requireNonNull(TableOfContentsTest.class.getResourceAsStream("/dev/unroot/registry/" + name))) {
            return input.readAllBytes();
        }
    }

    private static byte[] unpacked(byte[] packed) throws IOException {
        try (InputStream unpacking = Unpacking.open(new ByteArrayInputStream(packed), 128 << 20, "", Runnable::run)) {
            return unpacking.readAllBytes();
        }
    }

    /** The files and their annotations are what estargz 0.19.1 of containerd/stargz-snapshotter made of one tar. */
    @ParameterizedTest
    @CsvSource({
        "estargz.tar.gz, sha256:7836d09e66fb9bf9f6d1f4d36b615db47ea9159843f9b76a20ef44140cc34fab, ,",
        "zstd-chunked.tar.zst, sha256:44a76e26b9fb3f539ffe3a9e33514b83c347bde514c707d13ac1d7fab51cc393, "
                + "sha256:8445326a033b47e95e0bbaaaa244b9e8aa6d46ba8fa89babd85a6f00b7e552ce, 550:444:1291:1",
    })
    void whatTheReferenceImplementationWritesAgrees(String file, String stargz, String checksum, String position)
            throws IOException {
        byte[] packed = resource(file);
        Map<String, String> annotations = new HashMap<>(Map.of(STARGZ, stargz));
        if (checksum != null) {
            annotations.put(OLD_CHUNKED + "checksum", checksum);
            annotations.put(OLD_CHUNKED + "position", position);
        }

        assertThat(user(packed, unpacked(packed), annotations).uid()).isEqualTo(1000);
        annotations.put(STARGZ, Digest.of(new byte[] {1}).toString());
        assertUnclear(user(packed, unpacked(packed), annotations), UNREADABLE);
    }

    private static String passwd(String more) {
        return "{\"name\":\"etc/passwd\",\"type\":\"reg\",\"size\":" + PASSWD.length() + ",\"digest\":\""
                + Digest.of(PASSWD.getBytes(StandardCharsets.UTF_8)) + "\"" + more + "}";
    }

    private static String passwdOf(String content) {
        return "{\"name\":\"etc/passwd\",\"type\":\"reg\",\"size\":" + content.length() + ",\"digest\":\""
                + Digest.of(content.getBytes(StandardCharsets.UTF_8)) + "\"}";
    }

    private static String table(String... entries) {
        return "{\"version\":1,\"entries\":[" + String.join(",", entries) + "]}";
    }

    /** A layer with a passwd whose table is the given one. */
    private ImageUser stargz(String table) {
        byte[] tar = TestLayer.passwd(PASSWD).file("stargz.index.json", table).unpacked();
        return user(
                TestLayer.gzip(tar),
                tar,
                Map.of(STARGZ, Digest.of(table.getBytes(StandardCharsets.UTF_8)).toString()));
    }

    static List<String> agreeing() {
        return List.of(
                table(ETC, passwd("")),
                table(ETC, passwd(",\"chunkSize\":" + PASSWD.length())),
                table(
                        "{\"name\":\".prefetch.landmark\",\"type\":\"reg\",\"size\":1}",
                        ETC,
                        passwd(",\"offset\":9"),
                        "{\"name\":\"bin\",\"type\":\"symlink\",\"linkName\":\"usr/bin\"}",
                        "{\"name\":\"big\",\"type\":\"reg\",\"size\":9}",
                        "{\"name\":\"big\",\"type\":\"chunk\",\"chunkOffset\":4}",
                        "{\"name\":\"x\",\"type\":\"char\",\"xattrs\":{\"user.x\":\"eA==\"}}"));
    }

    @ParameterizedTest
    @MethodSource("agreeing")
    void aTableThatAgreesIsFine(String table) {
        assertThat(stargz(table).uid()).isEqualTo(1000);
    }

    static List<String> disagreeing() {
        return List.of(
                table(),
                table(ETC),
                table(passwd("")),
                table(ETC, passwdOf("app:x:0:0::/:\n")),
                table(ETC, passwdOf("")),
                table(ETC, passwd("").replace("sha256", "sha")),
                table(ETC, passwd(""), "{\"name\":\"etc/.wh.passwd\",\"type\":\"reg\"}"),
                table(ETC, passwd(""), "{\"name\":\".wh.etc\",\"type\":\"reg\"}"),
                table("{\"name\":\"etc\",\"type\":\"symlink\",\"linkName\":\"x\"}", passwd("")),
                table(ETC, passwd(""), "{\"name\":\"x/passwd\",\"type\":\"reg\"}"),
                table(ETC, "{\"name\":\"etc/passwd\",\"type\":\"symlink\",\"linkName\":\"x\"}"),
                table(ETC, passwd(",\"xattrs\":{\"trusted.overlay.redirect\":\"eA==\"}")));
    }

    @ParameterizedTest
    @MethodSource("disagreeing")
    void aTableThatSaysOtherwiseIsUnverified(String table) {
        assertUnclear(stargz(table), DISAGREES);
    }

    static List<String> unreadable() {
        return List.of(
                "",
                "[]",
                "{",
                table(ETC, passwd("")) + "{}",
                table(ETC, passwd(""), passwd("")),
                table(ETC, passwd(",\"chunkDigest\":\"" + Digest.of(new byte[0]) + "\"")),
                table(ETC, passwd(",\"chunkSize\":1")),
                table(ETC, passwd(""), "{\"name\":\"etc/passwd\",\"type\":\"chunk\",\"chunkOffset\":1}"),
                table(ETC, passwd(""), "{\"name\":\"x\",\"type\":\"socket\"}"),
                table(ETC, passwd(",\"Digest\":\"x\"")),
                table(ETC, passwd("")).replace("\"version\"", "\"Entries\":[],\"version\""),
                table(ETC, "{\"name\":\"etc/passwd\",\"type\":\"reg\",\"size\":99999999}"));
    }

    @Test
    void aTableThatIsNoUtf8IsUnverified() {
        byte[] table =
                table(ETC, passwd(""), "{\"name\":\"?\",\"type\":\"dir\"}").getBytes(StandardCharsets.UTF_8);
        table[table.length - 18] = (byte) 0x80;
        byte[] tar = TestLayer.passwd(PASSWD).file("stargz.index.json", table).unpacked();

        assertUnclear(user(tar, tar, Map.of(STARGZ, Digest.of(table).toString())), UNREADABLE);
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void aTableThatReadersCouldTakeInTwoWaysIsUnverified(String table) {
        assertUnclear(stargz(table), UNREADABLE);
    }

    @Test
    void theOneWithTheDigestCounts() {
        String good = table(ETC, passwd(""));
        byte[] tar = TestLayer.passwd(PASSWD)
                .file("stargz.index.json", good)
                .file("stargz.index.json", table())
                .unpacked();
        String digest = Digest.of(good.getBytes(StandardCharsets.UTF_8)).toString();

        assertThat(user(tar, tar, Map.of(STARGZ, digest)).uid()).isEqualTo(1000);
        assertUnclear(
                user(
                        tar,
                        tar,
                        Map.of(
                                STARGZ,
                                Digest.of(table().getBytes(StandardCharsets.UTF_8))
                                        .toString())),
                DISAGREES);
    }

    @Test
    void withoutAnnotationNobodyGoesByIt() {
        byte[] tar = TestLayer.passwd(PASSWD).file("stargz.index.json", table()).unpacked();

        assertThat(user(tar, tar, Map.of()).uid()).isEqualTo(1000);
        assertThat(user(tar, tar, Map.of(CHUNKED + "position", "x")).uid()).isEqualTo(1000);
        assertUnclear(user(tar, tar, Map.of(STARGZ, "")), UNREADABLE);
    }

    /** A layer with a passwd whose table is a frame of its own; what is not annotated otherwise is right. */
    private ImageUser chunked(String table, Map<String, String> otherAnnotations) {
        byte[] tar = TestLayer.passwd(PASSWD).unpacked();
        byte[] content = Zstd.compress(tar);
        byte[] packedTable = Zstd.compress(table.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream layer = new ByteArrayOutputStream();
        layer.writeBytes(content);
        layer.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184D2A50)
                .putInt(packedTable.length)
                .array());
        layer.writeBytes(packedTable);
        Map<String, String> annotations = new HashMap<>();
        annotations.put(CHUNKED + "checksum", Digest.of(packedTable).toString());
        annotations.put(
                CHUNKED + "position", (content.length + 8) + ":" + packedTable.length + ":" + table.length() + ":1");
        annotations.putAll(otherAnnotations);
        annotations.values().removeIf(String::isEmpty);
        return user(layer.toByteArray(), tar, annotations);
    }

    @Test
    void aTableInAFrameOfItsOwnIsComparedToo() {
        String good = table(ETC, passwd(""));

        assertThat(chunked(good, Map.of()).uid()).isEqualTo(1000);
        assertThat(chunked(
                                good,
                                Map.of(
                                        STARGZ,
                                        Digest.of(good.getBytes(StandardCharsets.UTF_8))
                                                .toString()))
                        .uid())
                .isEqualTo(1000);
        assertUnclear(chunked(table(ETC, passwdOf("app:x:0:0::/:\n")), Map.of()), DISAGREES);
        assertUnclear(chunked("no table", Map.of()), UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "position=",
                "position=0:1:1:1",
                "position=999999999999999:10:10:1",
                "position=1:999999999:10:1",
                "position=1:0:10:1",
                "position=1:10:10:2",
                "position=1:10:10",
                "position=-1:10:10:1",
                "checksum=sha256:00",
                "checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000",
            })
    void aTableThatIsNotWhereItIsSaidToBeIsUnverified(String annotation) {
        String[] keyAndValue = annotation.split("=", 2);

        assertUnclear(chunked(table(ETC, passwd("")), Map.of(CHUNKED + keyAndValue[0], keyAndValue[1])), UNREADABLE);
    }

    @Test
    void annotationsThatContradictEachOtherAreUnverified() {
        String other = Digest.of(new byte[] {7}).toString();

        assertUnclear(chunked(table(ETC, passwd("")), Map.of(OLD_CHUNKED + "checksum", other)), UNREADABLE);
        assertUnclear(chunked(table(ETC, passwd("")), Map.of(OLD_CHUNKED + "position", "1:1:1:1")), UNREADABLE);
        assertUnclear(chunked(table(ETC, passwd("")), Map.of(STARGZ, other)), UNREADABLE);
    }
}
