package dev.unroot.registry.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.common.Deadline;
import dev.unroot.model.Account;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.TestImage;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.TestLayer;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.SourceImageUsers;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OciLayoutTest {
    private static final String NAME = "registry.example/team/app:2";
    private static final String PASSWD = "app:x:1000:1001::/:\n";

    @TempDir
    Path directory;

    private final TestImages images = new TestImages();

    private OciLayout open() throws IOException {
        return open(images.writeLayout(directory));
    }

    private static OciLayout open(Path path) throws IOException {
        return OciLayout.open(path, Limits.DEFAULT);
    }

    /** Local files are read even though the deadline is over. */
    private static ImageFacts find(OciLayout layout, String reference) {
        return find(layout, ImageReference.parse(reference));
    }

    private static ImageFacts find(OciLayout layout, ImageReference reference) {
        ImageQuery query = new ImageQuery(reference, List.of(Platform.parse("linux/amd64")), PullIdentity.NONE);
        return new SourceImageUsers(layout, Limits.DEFAULT, Detail.USER)
                .find(query, Deadline.passed())
                .toCompletableFuture()
                .join();
    }

    private static ImageUser user(OciLayout layout, String reference) {
        return user(layout, ImageReference.parse(reference));
    }

    private static ImageUser user(OciLayout layout, ImageReference reference) {
        assertThat(find(layout, reference)).isInstanceOf(ImageFacts.Known.class);
        return ((ImageFacts.Known) find(layout, reference)).users().get(0).user();
    }

    private static ImageFacts.Unknown unknown(OciLayout layout, String reference) {
        assertThat(find(layout, reference)).isInstanceOf(ImageFacts.Unknown.class);
        return (ImageFacts.Unknown) find(layout, reference);
    }

    private static ImageUser.Named app() {
        return new ImageUser.Named("app", new Account.Row(1000, 1001, true));
    }

    @Test
    void readsADirectory() throws IOException {
        images.add(
                NAME, new TestImage().user("app").layer(TestLayer.passwd(PASSWD).gzip()));

        assertThat(user(open(), NAME)).isEqualTo(app());
    }

    @Test
    void readsATar() throws IOException {
        images.add(
                NAME, new TestImage().user("app").layer(TestLayer.passwd(PASSWD).gzip()));

        assertThat(user(open(images.writeTar(directory.resolve("images.tar"))), NAME))
                .isEqualTo(app());
    }

    @ParameterizedTest
    @CsvSource({
        "nginx, docker.io/library/nginx:latest",
        "docker.io/library/nginx:latest, nginx",
        "index.docker.io/nginx:1, nginx:1",
        "registry.example/x, registry.example/x:latest",
        "localhost/x:1, localhost/x:1"
    })
    void namesAreNormalisedOnBothSides(String written, String asked) throws IOException {
        images.add(written, new TestImage().user("5"));

        assertThat(user(open(), asked).uid()).isEqualTo(5);
    }

    @Test
    void anImageIsAlsoFoundByDigest() throws IOException {
        String digest = images.add(NAME, new TestImage().user("5"));
        OciLayout layout = open();

        assertThat(user(layout, "anywhere.example/x@" + digest).uid()).isEqualTo(5);
        assertThat(user(layout, NAME + "@" + digest).uid()).isEqualTo(5);
        assertThat(unknown(layout, NAME + "@" + Digest.of(new byte[0])).cause()).isEqualTo(UnknownCause.NOT_FOUND);
    }

    @Test
    void aMissListsWhatIsThere() throws IOException {
        images.add(NAME, new TestImage());
        images.add("b", new TestImage());
        OciLayout layout = open();

        ImageFacts.Unknown unknown = unknown(layout, "registry.example/team/app:3");

        assertThat(unknown.cause()).isEqualTo(UnknownCause.NOT_FOUND);
        assertThat(unknown.reason())
                .isEqualTo(directory + " does not hold registry.example/team/app:3; it has docker.io/library/b:latest, "
                        + NAME);
    }

    @Test
    void aMissListsNoMoreThanTen() throws IOException {
        for (int i = 0; i < 12; i++) {
            images.add("registry.example/x:" + i, new TestImage());
        }

        assertThat(unknown(open(), "y").reason())
                .contains("registry.example/x:0, ")
                .endsWith(" and 2 more");
    }

    @Test
    void aNameThatNoPodCanWriteIsLeftOut() throws IOException {
        String unnamed = images.add("Not A Name", new TestImage());

        assertThat(open().addresses()).containsExactly("@" + unnamed);
    }

    /** As {@code crane pull --format=oci} and ko write a layout, and others of what was there twice. */
    @Test
    void anImageWithoutANameIsListedByItsDigestAndFoundByIt() throws IOException {
        images.add(NAME, new TestImage().user("5"));
        String unnamed = images.add("to be removed", new TestImage().user("6"));
        images.writeLayout(directory);
        replace("index.json", "\"org.opencontainers.image.ref.name\":\"to be removed\"", "\"other\":\"x\"");
        OciLayout layout = open(directory);

        assertThat(layout.addresses()).containsExactly(NAME, "@" + unnamed);
        assertThat(unknown(layout, "x").reason()).endsWith("; it has " + NAME + ", @" + unnamed);
        assertThat(user(layout, ImageReference.parseDigestAlone("@" + unnamed)).uid())
                .isEqualTo(6);
        assertThat(unknown(layout, "x@" + Digest.of(new byte[0])).cause()).isEqualTo(UnknownCause.NOT_FOUND);
    }

    /** As regctl and oras write a layout: the tag alone. */
    @Test
    void anImageNamedByItsTagAloneIsFoundByItsDigestToo() throws IOException {
        String digest = images.add("v1.2", new TestImage().user("5"));
        OciLayout layout = open();

        assertThat(user(layout, ImageReference.parseDigestAlone("@" + digest)).uid())
                .isEqualTo(5);
        assertThat(user(layout, "v1.2").uid()).isEqualTo(5);
    }

    @Test
    void ofTwoImagesByOneNameEachIsFoundByItsDigest() throws IOException {
        String one = images.add(NAME, new TestImage().user("5"));
        String other = images.add(NAME, new TestImage().user("6"));
        OciLayout layout = open();

        assertThat(layout.addresses()).contains("@" + one);
        assertThat(user(layout, ImageReference.parseDigestAlone("@" + one)).uid())
                .isEqualTo(5);
        assertThat(user(layout, ImageReference.parseDigestAlone("@" + other)).uid())
                .isEqualTo(6);
    }

    @Test
    void whatIsNoImageIsNotListed() throws IOException {
        Files.writeString(directory.resolve("oci-layout"), "{}");
        Files.writeString(
                directory.resolve("index.json"),
                "{\"manifests\":[{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\",\"digest\":\""
                        + Digest.of(new byte[0]) + "\",\"size\":0}]}");

        assertThat(open(directory).addresses()).isEmpty();
        assertThat(unknown(open(directory), "x").reason()).endsWith("; it has no image");
    }

    /** {@code docker save ID}. */
    @Test
    void whatDockerSavesByIdIsListedByItsDigestAndFoundByIt() throws IOException {
        TestLayer layer = TestLayer.passwd(PASSWD);
        Map<String, byte[]> files = new TreeMap<>();
        files.put("abc.json", bytes(dockerConfig(layer)));
        files.put("l1/layer.tar", layer.packed());
        files.put(
                "manifest.json", bytes("[{\"Config\":\"abc.json\",\"RepoTags\":null,\"Layers\":[\"l1/layer.tar\"]}]"));
        OciLayout layout = open(TestImages.writeTar(directory.resolve("saved.tar"), files));
        String address = "@" + Digest.of(files.get("abc.json"));

        assertThat(layout.addresses()).containsExactly(address);
        assertThat(user(layout, ImageReference.parseDigestAlone(address))).isEqualTo(app());
    }

    @Test
    void aNameForTwoImagesIsAmbiguous() throws IOException {
        images.add(NAME, new TestImage().user("5"));
        images.add(NAME, new TestImage().user("6"));

        assertThat(unknown(open(), NAME).cause()).isEqualTo(UnknownCause.MALFORMED);
    }

    @Test
    void theNameIsContainerdsWhereTheOtherIsOnlyATag() throws IOException {
        images.add("1", new TestImage().user("5"));
        images.writeLayout(directory);
        replace(
                "index.json",
                "\"annotations\":{",
                "\"annotations\":{\"io.containerd.image.name\":\"docker.io/library/x:1\",");

        assertThat(open(directory).addresses()).containsExactly("docker.io/library/x:1");
    }

    @Test
    void theNameIsContainerdsWhereThereIsNoOther() throws IOException {
        images.add("docker.io/library/x:1", new TestImage().user("5"));
        images.writeLayout(directory);
        replace("index.json", "org.opencontainers.image.ref.name", "io.containerd.image.name");

        assertThat(open(directory).addresses()).containsExactly("docker.io/library/x:1");
    }

    private void replace(String file, String text, String by) throws IOException {
        Path path = directory.resolve(file);
        Files.writeString(path, Files.readString(path).replace(text, by));
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest", "config", "layer"})
    void everyBlobIsCheckedAgainstItsDigest(String which) throws IOException {
        TestLayer layer = TestLayer.passwd(PASSWD);
        String manifest = images.add(NAME, new TestImage().user("app").layer(layer));
        String config = images.blobs().keySet().stream()
                .filter(digest -> !digest.equals(manifest)
                        && !digest.equals(Digest.of(layer.packed()).toString()))
                .findFirst()
                .orElseThrow();
        String digest =
                switch (which) {
                    case "manifest" -> manifest;
                    case "config" -> config;
                    default -> Digest.of(layer.packed()).toString();
                };
        byte[] content = images.blob(digest).clone();
        content[content.length - 1] ^= 1;
        images.corrupt(digest, content);

        assertThat(unknown(open(), NAME).cause()).isEqualTo(UnknownCause.MALFORMED);
    }

    @Test
    void aMissingLayerIsSaidSo() throws IOException {
        TestLayer layer = TestLayer.passwd(PASSWD);
        images.add(NAME, new TestImage().user("app").layer(layer));
        images.blobs().remove(Digest.of(layer.packed()).toString());

        ImageFacts.Unknown unknown = unknown(open(), NAME);

        assertThat(unknown.cause()).isEqualTo(UnknownCause.NOT_FOUND);
        assertThat(unknown.reason())
                .contains("blobs/sha256/" + Digest.of(layer.packed()).hex());
    }

    @Test
    void aLinkThatLeadsOutIsNotFollowed(@TempDir Path outside) throws IOException {
        String digest = images.add(NAME, new TestImage().user("5"));
        images.writeLayout(directory);
        Path blob = directory.resolve("blobs/" + digest.replace(':', '/'));
        Path moved = Files.move(blob, outside.resolve("moved"));
        Files.createSymbolicLink(blob, moved);

        ImageFacts.Unknown unknown = unknown(open(directory), NAME);

        assertThat(unknown.cause()).isEqualTo(UnknownCause.MALFORMED);
        assertThat(unknown.reason()).contains("a link that leads out of the directory");
    }

    @Test
    void aLinkThatStaysInsideIs() throws IOException {
        images.add(NAME, new TestImage().user("5"));
        images.writeLayout(directory);
        Path real = Files.move(directory.resolve("blobs"), directory.resolve("..data"));
        Files.createSymbolicLink(directory.resolve("blobs"), real.getFileName());

        assertThat(user(open(directory), NAME).uid()).isEqualTo(5);
    }

    @Test
    void aBlobThatIsNoFileIsNotOpened() throws IOException {
        String digest = images.add(NAME, new TestImage().user("5"));
        images.writeLayout(directory);
        Path blob = directory.resolve("blobs/" + digest.replace(':', '/'));
        Files.delete(blob);
        Files.createDirectory(blob);

        assertThat(unknown(open(directory), NAME).reason()).contains("is not a file");
    }

    @Test
    void readsWhatDockerSaves() throws IOException {
        TestLayer layer = TestLayer.passwd(PASSWD);
        String config = dockerConfig(layer);
        Map<String, byte[]> files = new TreeMap<>();
        files.put("abc.json", config.getBytes(StandardCharsets.UTF_8));
        files.put("l1/layer.tar", layer.packed());
        files.put(
                "manifest.json",
                bytes(
                        "[{\"Config\":\"abc.json\",\"RepoTags\":[\"app:2\",\"app:latest\"],\"Layers\":[\"l1/layer.tar\"]},"
                                + "{\"Config\":\"abc.json\",\"RepoTags\":null,\"Layers\":[\"l1/layer.tar\"]}]"));
        OciLayout layout = open(TestImages.writeTar(directory.resolve("saved.tar"), files));

        assertThat(layout.addresses()).containsExactly("docker.io/library/app:2", "docker.io/library/app:latest");
        assertThat(user(layout, "app")).isEqualTo(app());
        assertThat(user(layout, "x@" + Digest.of(files.get("abc.json")))).isEqualTo(app());
        assertThat(((ImageFacts.Known) find(layout, "app")).digest())
                .isEqualTo(Digest.of(files.get("abc.json")).toString());
    }

    private static String dockerConfig(TestLayer layer) {
        return "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"User\":\"app\"},\"rootfs\":{\"diff_ids\":[\""
                + Digest.of(layer.unpacked()) + "\"]}}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void dockersLayersMayBeCompressedAndLinked() throws IOException {
        TestLayer layer = TestLayer.passwd(PASSWD).gzip();
        TestLayer tar = new TestLayer()
                .file("config.json", dockerConfig(layer))
                .file("a/layer.tar", layer.packed())
                .symbolicLink("b/layer.tar", "../a/layer.tar")
                .hardLink("c/layer.tar", "b/layer.tar")
                .file(
                        "manifest.json",
                        "[{\"Config\":\"config.json\",\"RepoTags\":[\"app:2\"],\"Layers\":[\"c/layer.tar\"]}]");
        Path path = Files.write(directory.resolve("saved.tar"), tar.unpacked());

        assertThat(user(open(path), "app:2")).isEqualTo(app());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"Config\":\"../outside.json\",\"Layers\":[]}]",
                "[{\"Config\":\"/etc/passwd\",\"Layers\":[]}]",
                "[{\"Config\":\"a\\u0000b\",\"Layers\":[]}]",
                "[{\"Config\":\"missing\",\"Layers\":[]}]",
                "[{\"Config\":\"config.json\",\"Layers\":[\"config.json\"]}]",
                "{}",
                "[5]",
                "not json"
            })
    void aManifestOfDockersThatMisleadsIsAnError(String manifest) throws IOException {
        Files.writeString(directory.resolve("manifest.json"), manifest);
        Files.writeString(directory.resolve("config.json"), "{}");
        Files.writeString(directory.resolve("../outside.json"), "{}");

        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(directory + ": ");
    }

    @Test
    void whatIsNoLayoutIsAnErrorThatNamesIt() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Path text = Files.writeString(directory.resolve("text"), "x".repeat(2000));
        Path gzip = Files.write(directory.resolve("x.tar.gz"), TestLayer.gzip(new byte[3000]));
        Path cut = Files.write(
                directory.resolve("cut.tar"),
                java.util.Arrays.copyOf(
                        new TestLayer().file("x", "abc".repeat(200)).unpacked(), 600));
        Path noIndex = Files.createDirectory(directory.resolve("half"));
        Files.writeString(noIndex.resolve("oci-layout"), "{}");
        Path badIndex = Files.createDirectory(directory.resolve("bad"));
        Files.writeString(badIndex.resolve("oci-layout"), "{}");
        Files.writeString(badIndex.resolve("index.json"), "{\"manifests\":[{}]}");

        assertThatThrownBy(() -> open(directory.resolve("nowhere"))).hasMessageContaining("nowhere does not exist");
        assertThatThrownBy(() -> open(empty)).hasMessageContaining("empty: it is no OCI image layout");
        for (String form : List.of(
                "version=Directory Transport Version: 1.1\n"
                        + ",manifest.json={}|it is of skopeo's dir: form, which has no place for the image's name; write"
                        + " one with skopeo copy … oci:DIR:NAME",
                "overlay-images/images.json=[]|it is containers-storage",
                "image/overlay2/repositories.json={}|it is the data of Docker's daemon",
                "io.containerd.content.v1.content/x=|it is containerd's own store",
                "config.json={},rootfs/etc/passwd=|it is a bundle for a runtime",
                "etc/passwd=|it is a root file system",
                "index.json={},blobs/x=|it looks like an OCI image layout whose file oci-layout is missing",
                "one/oci-layout={},two/oci-layout={},three/x=|it holds image layouts in folders: name one of them,"
                        + " one, two")) {
            Path folder = Files.createTempDirectory(empty.getParent(), "form");
            for (String file : form.substring(0, form.indexOf('|')).split(",")) {
                Path path = folder.resolve(file.substring(0, file.indexOf('=')));
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.substring(file.indexOf('=') + 1));
            }
            assertThatThrownBy(() -> open(folder)).hasMessageContaining(form.substring(form.indexOf('|') + 1));
        }
        Path compressed = Files.write(empty.resolveSibling("compressed"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
        assertThatThrownBy(() -> open(compressed))
                .hasMessageContaining("it is compressed by gzip: unpack it with gunzip");
        assertThatThrownBy(() -> open(text)).hasMessageContaining("text: it is neither a directory nor a plain tar");
        assertThatThrownBy(() -> open(gzip)).hasMessageContaining("x.tar.gz: it is compressed by gzip");
        assertThatThrownBy(() -> open(cut)).hasMessageContaining("cut.tar: it is neither");
        assertThatThrownBy(() -> open(noIndex))
                .hasMessageContaining("half: index.json")
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> open(badIndex)).hasMessageContaining("bad: index.json cannot be read");
    }
}
