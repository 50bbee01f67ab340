package dev.unroot.registry.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.Changed;
import dev.unroot.common.Deadline;
import dev.unroot.model.Account;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.ImageUser;
import dev.unroot.model.ImageVerdict;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.MemorySource;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TestImage;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.TestLayer;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Limits;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReaderTest {
    private static final Limits SMALL = Changed.of(
            Limits.DEFAULT,
            "manifestBytes",
            9999,
            "configBytes",
            9999,
            "layerBytes",
            9999,
            "inflatedBytes",
            9999,
            "layerEntries",
            99,
            "passwdBytes",
            999,
            "indexEntries",
            9,
            "indexDepth",
            2,
            "layers",
            9);

    private static final String NAME = "registry.example/app:1";
    private static final String PASSWD = "root:x:0:0::/:\napp:x:1000:1001::/:\n";
    private static final Platform AMD64 = Platform.parse("linux/amd64");
    private static final Platform ARM64 = Platform.parse("linux/arm64");
    private static final Platform WINDOWS = Platform.parse("windows/amd64");

    private final TestImages images = new TestImages();
    private final MemorySource source = new MemorySource(images);
    private Detail detail = Detail.USER;
    private Limits limits = Limits.DEFAULT;

    private ImageFacts read(String reference, Platform... platforms) {
        List<Platform> wanted = platforms.length == 0 ? List.of(AMD64) : List.of(platforms);
        Pull pull = new Pull(ImageReference.parse(reference), PullIdentity.NONE, Deadline.in(Duration.ofSeconds(20)));
        return new ImageReader(source, limits)
                .read(pull, wanted, detail)
                .toCompletableFuture()
                .join();
    }

    private ImageFacts.Known known(Platform... platforms) {
        return (ImageFacts.Known) read(NAME, platforms);
    }

    private ImageUser user() {
        List<PlatformUser> users = known().users();
        assertThat(users).hasSize(1);
        return users.get(0).user();
    }

    private void assertUnknown(UnknownCause cause, String reasonPart, Platform... platforms) {
        assertThat(read(NAME, platforms)).isInstanceOfSatisfying(ImageFacts.Unknown.class, unknown -> {
            assertThat(unknown.cause()).isEqualTo(cause);
            assertThat(unknown.reason()).contains(NAME).contains(reasonPart);
        });
    }

    @Test
    void aNumericUserNeedsNoLayer() {
        images.add(NAME, new TestImage().user("1000:5").passwd(PASSWD));

        assertThat(user()).isEqualTo(new ImageUser.Numeric("1000:5", 1000L, null));
        assertThat(source.requests()).containsExactly("manifest", "blob");
    }

    @Test
    void aNameIsLookedUpInTheLayers() {
        images.add(NAME, new TestImage().user("app:root").passwd(PASSWD).layer(new TestLayer().directory("usr")));

        assertThat(user()).isEqualTo(new ImageUser.Named("app", new Account.Row(1000, 1001, true)));
        assertThat(source.requests()).containsExactly("manifest", "blob", "layer", "layer");
    }

    @Test
    void noMoreLayersAreReadThanItTakes() {
        images.add(NAME, new TestImage().user("app").layer(new TestLayer()).passwd(PASSWD));

        assertThat(user().uid()).isEqualTo(1000);
        assertThat(source.requests()).containsExactly("manifest", "blob", "layer");
    }

    @Test
    void theGidOfANumericUserIsLookedUpWhereAskedFor() {
        detail = Detail.USER_AND_GROUP;
        images.add(NAME, new TestImage().user("1000:5").passwd(PASSWD));

        assertThat(user()).isEqualTo(new ImageUser.Numeric("1000:5", 1000L, 1001L));
    }

    @Test
    void aGidThatCannotBeToldLeavesTheUserKnown() {
        detail = Detail.USER_AND_GROUP;
        images.add(
                NAME,
                new TestImage()
                        .user("1000")
                        .layer(new TestLayer().directory("etc").symbolicLink("etc/passwd", "x")));
        images.add(
                "registry.example/damaged:1",
                new TestImage()
                        .user("1000")
                        .layer("application/vnd.oci.image.layer.v1.tar", new byte[] {1, 2, 3}, new byte[0]));
        images.add(
                "registry.example/odd:1",
                new TestImage()
                        .user("1000")
                        .passwd(PASSWD)
                        .changeConfig(config -> config.withObject("/rootfs")
                                .withArray("diff_ids")
                                .removeAll()
                                .add(digest())
                                .add(digest())));

        assertThat(user()).isEqualTo(new ImageUser.Numeric("1000", 1000L, null));
        for (String name : List.of("registry.example/damaged:1", "registry.example/odd:1")) {
            assertThat(read(name))
                    .isInstanceOfSatisfying(
                            ImageFacts.Known.class,
                            facts -> assertThat(facts.users().get(0).user())
                                    .isEqualTo(new ImageUser.Numeric("1000", 1000L, null)));
        }
    }

    private static String digest() {
        return "sha256:" + "a".repeat(64);
    }

    @ParameterizedTest
    @EnumSource(TestLayer.Compression.class)
    void layersMayBeCompressed(TestLayer.Compression compression) {
        TestLayer layer = TestLayer.passwd(PASSWD);
        images.add(
                NAME,
                new TestImage()
                        .user("app")
                        .layer(
                                switch (compression) {
                                    case NONE -> layer;
                                    case GZIP -> layer.gzip();
                                    case ZSTD -> layer.zstd();
                                }));

        assertThat(user().uid()).isEqualTo(1000);
    }

    @Test
    void whatALayerIsCountsAndNotWhatItClaims() {
        images.add(
                NAME,
                new TestImage()
                        .user("app")
                        .layer(TestLayer.passwd(PASSWD)
                                .zstd()
                                .claiming("application/vnd.docker.image.rootfs.diff.tar.gzip")));

        assertThat(user().uid()).isEqualTo(1000);
    }

    @Test
    void dockersMediaTypesWillDo() {
        images.add(
                NAME,
                new TestImage()
                        .docker()
                        .user("app")
                        .layer(TestLayer.passwd(PASSWD).gzip()));

        assertThat(user().uid()).isEqualTo(1000);
    }

    @Test
    void anImageWithoutPasswdCannotStartAName() {
        images.add(NAME, new TestImage().user("app").layer(new TestLayer().directory("usr")));

        assertThat(user()).isEqualTo(new ImageUser.Named("app", new Account.NoPasswd()));
    }

    @Test
    void aLinkedPasswdIsUnverified() {
        images.add(
                NAME,
                new TestImage()
                        .user("app")
                        .passwd(PASSWD)
                        .layer(new TestLayer().directory("etc").symbolicLink("etc/passwd", "../usr/passwd")));

        assertThat(user().verdict()).isEqualTo(ImageVerdict.UNVERIFIED);
        assertThat(user().reason()).isEqualTo("has USER \"app\", but its /etc/passwd is a link");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
                "application/vnd.erofs.layer.v1",
                "text/plain"
            })
    void layersOfATypeThatCannotBeReadAreUnverified(String type) {
        images.add(NAME, new TestImage().user("app").layer(type, new byte[] {1}, new byte[] {1}));

        assertThat(user().verdict()).isEqualTo(ImageVerdict.UNVERIFIED);
    }

    @Test
    void foreignLayersAreReadWhereTheyAre() {
        String type = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
        images.add(
                NAME,
                new TestImage()
                        .user("app")
                        .layer(TestLayer.passwd(PASSWD).gzip().claiming(type)));
        assertThat(user().uid()).isEqualTo(1000);

        TestLayer layer = TestLayer.passwd(PASSWD + "x").claiming(type);
        images.add(NAME, new TestImage().user("app").layer(layer));
        images.blobs().remove(Digest.of(layer.packed()).toString());
        assertThat(user().verdict()).isEqualTo(ImageVerdict.UNVERIFIED);
    }

    @Test
    void aLayerWithAnotherDigestIsMalformedEvenThoughItHoldsThePasswd() {
        TestLayer layer = TestLayer.passwd(PASSWD);
        images.add(NAME, new TestImage().user("app").layer(layer));
        images.corrupt(
                Digest.of(layer.packed()).toString(),
                TestLayer.passwd("app:x:5:5\n").packed());

        assertUnknown(UnknownCause.MALFORMED, "not the one its manifest names");
    }

    @Test
    void bytesAfterTheArchiveBelongToItsDigest() {
        byte[] tar = TestLayer.passwd(PASSWD).unpacked();
        byte[] longer = Arrays.copyOf(tar, tar.length + 3000);
        longer[longer.length - 1] = 7;
        images.add(NAME, new TestImage().user("app").layer("application/vnd.oci.image.layer.v1.tar", longer, longer));

        assertThat(user().uid()).isEqualTo(1000);
    }

    @Test
    void aLayerThatUnpacksToSomethingElseIsMalformed() {
        byte[] promised = TestLayer.passwd("app:x:0:0\n").unpacked();
        byte[] packed = TestLayer.passwd(PASSWD).gzip().packed();
        images.add(NAME, new TestImage().user("app").layer("application/vnd.oci.image.layer.v1.tar", packed, promised));

        assertUnknown(UnknownCause.MALFORMED, "does not unpack to what its configuration names");
    }

    @Test
    void whatNobodyChecksIsUnverified() {
        images.add(NAME, new TestImage().user("app").passwd(PASSWD).changeConfig(config -> config.remove("rootfs")));

        assertThat(user().verdict()).isEqualTo(ImageVerdict.UNVERIFIED);
        assertThat(user().reason()).isEqualTo("has USER \"app\", but its configuration does not list its layers");
        assertThat(source.requests()).doesNotContain("layer");
    }

    @Test
    void manifestAndConfigurationAgreeOnTheNumberOfLayers() {
        images.add(
                NAME,
                new TestImage()
                        .user("app")
                        .passwd(PASSWD)
                        .changeConfig(config -> config.withObject("/rootfs")
                                .withArray("diff_ids")
                                .add(digest())));

        assertUnknown(UnknownCause.MALFORMED, "1 layers in its manifest and 2 in its configuration");
    }

    @Test
    void aDamagedLayerIsMalformed() {
        byte[] tar = TestLayer.passwd(PASSWD).unpacked();
        byte[] cut = Arrays.copyOf(tar, 700);
        byte[] gzip = TestLayer.gzip(tar);
        String type = "application/vnd.oci.image.layer.v1.tar";

        for (byte[] damaged : List.of(
                cut, Arrays.copyOf(gzip, gzip.length - 5), "garbage".repeat(200).getBytes(StandardCharsets.UTF_8))) {
            images.add(NAME, new TestImage().user("app").layer(type, damaged, damaged));
            assertUnknown(UnknownCause.MALFORMED, "a layer of ");
        }
    }

    @Test
    void sizesAndNumbersHaveLimits() {
        images.add(NAME, new TestImage().user("app").passwd(PASSWD).layer(new TestLayer()));

        limits = Changed.of(SMALL, "layerBytes", 100);
        assertUnknown(UnknownCause.TOO_LARGE, "holds more than 100 bytes compressed");
        limits = Changed.of(SMALL, "inflatedBytes", 1000);
        assertUnknown(UnknownCause.TOO_LARGE, "holds more than 1000 bytes unpacked");
        limits = Changed.of(SMALL, "layerEntries", 1);
        assertUnknown(UnknownCause.TOO_LARGE, "holds more than 1 files");
        limits = Changed.of(SMALL, "passwdBytes", 9);
        assertUnknown(UnknownCause.TOO_LARGE, "an /etc/passwd of more than 9 bytes");
        limits = Changed.of(SMALL, "layers", 1);
        assertUnknown(UnknownCause.TOO_LARGE, "holds more than 1 layers");
        limits = Changed.of(SMALL, "configBytes", 20);
        assertUnknown(UnknownCause.TOO_LARGE, "the configuration of ");
        limits = SMALL;
        assertThat(user().uid()).isEqualTo(1000);
    }

    @Test
    void aBombIsStoppedAtTheLimit() {
        byte[] zeros =
                TestLayer.gzip(new TestLayer().file("zeros", new byte[64 << 20]).unpacked());
        images.add(
                NAME, new TestImage().user("app").layer("application/vnd.oci.image.layer.v1.tar+gzip", zeros, zeros));
        limits = Changed.of(SMALL, "layerBytes", 1 << 20, "inflatedBytes", 1 << 20);

        assertUnknown(UnknownCause.TOO_LARGE, "holds more than 1048576 bytes unpacked");
    }

    @Test
    void unpackingEndsWithTheDeadline() {
        images.add(NAME, new TestImage().user("app").passwd(PASSWD));
        Pull pull = new Pull(ImageReference.parse(NAME), PullIdentity.NONE, Deadline.passed());

        assertThat(new ImageReader(source, limits)
                        .read(pull, List.of(AMD64), detail)
                        .toCompletableFuture()
                        .join())
                .isInstanceOfSatisfying(
                        ImageFacts.Unknown.class,
                        unknown -> assertThat(unknown.cause()).isEqualTo(UnknownCause.TIMEOUT));
    }

    @Test
    void eachPlatformIsReadOutOfAnIndex() {
        String digest = images.addIndex(
                NAME,
                new TestImage().user("1000"),
                new TestImage().platform("linux/arm64").user("0"));

        ImageFacts.Known facts = known(AMD64, ARM64, Platform.parse("linux/s390x"));

        assertThat(facts.digest()).isEqualTo(digest);
        assertThat(facts.confidence()).isEqualTo(Confidence.TAG);
        assertThat(facts.users())
                .containsExactly(
                        new PlatformUser(AMD64, new ImageUser.Numeric("1000", 1000L, null)),
                        new PlatformUser(ARM64, new ImageUser.Numeric("0", 0L, null)));
        assertThat(facts.missing()).containsExactly(Platform.parse("linux/s390x"));
    }

    @Test
    void byDigestTheAnswerIsCertain() {
        String digest = images.add(NAME, new TestImage().user("5"));

        assertThat(read("registry.example/app@" + digest))
                .isInstanceOfSatisfying(
                        ImageFacts.Known.class,
                        facts -> assertThat(facts.confidence()).isEqualTo(Confidence.DIGEST));
        assertThat(read("registry.example/app:moved@" + digest)).isInstanceOf(ImageFacts.Known.class);
    }

    @Test
    void platformsThatEndInOneManifestReadItOnce() {
        ObjectNode i386 = images.entry(new TestImage().user("app").passwd(PASSWD), Platform.parse("linux/386"));
        images.addIndex(NAME, List.of(i386));

        assertThat(known(AMD64, Platform.parse("linux/386")).users()).hasSize(2);
        assertThat(source.requests()).containsExactly("manifest", "manifest", "blob", "layer");
    }

    @Test
    void theFirstOfTheBestEntriesIsTaken() {
        images.addIndex(
                NAME,
                List.of(
                        images.entry(new TestImage().user("1"), Platform.parse("linux/386")),
                        images.entry(new TestImage().user("2"), Platform.parse("linux/amd64/v2")),
                        images.entry(new TestImage().user("3"), AMD64),
                        images.entry(new TestImage().user("4"), AMD64)));

        assertThat(user().uid()).isEqualTo(3);
    }

    @Test
    void anEntryWithoutPlatformComesLastAndItsConfigurationDecides() {
        ObjectNode undeclared = images.entry(new TestImage().user("1"));
        ObjectNode otherUndeclared =
                images.entry(new TestImage().platform("linux/arm64").user("2"));
        images.addIndex(NAME, List.of(undeclared, otherUndeclared, images.entry(new TestImage().user("3"), AMD64)));
        assertThat(user().uid()).isEqualTo(3);

        images.addIndex(NAME, List.of(undeclared, otherUndeclared));
        assertThat(user().uid()).isEqualTo(1);

        // containerd looks at no more than one, and containers/image does not look into it.
        images.addIndex(NAME, List.of(otherUndeclared, undeclared));
        assertThat(user().uid()).isEqualTo(2);
    }

    @Test
    void aDeclaredPlatformIsNotCheckedAgainstTheConfiguration() {
        images.addIndex(
                NAME,
                List.of(images.entry(new TestImage().platform("linux/s390x").user("0"), AMD64)));

        assertThat(user().verdict()).isEqualTo(ImageVerdict.ROOT);
    }

    @Test
    void attestationsAreNoImages() {
        images.addIndex(NAME, List.of(images.entry(new TestImage().user("5"), Platform.parse("unknown/unknown"))));

        assertUnknown(
                UnknownCause.PLATFORM_MISSING,
                "not built for linux/amd64 or unknown/unknown",
                AMD64,
                Platform.parse("unknown/unknown"));
    }

    @Test
    void indexesMayNestButNotForever() {
        ObjectNode inner = images.entry(new TestImage().user("5"), AMD64);
        ObjectNode nested = inner;
        for (int depth = 0; depth < limits.indexDepth() - 1; depth++) {
            nested = images.index(List.of(nested));
        }
        images.addIndex(NAME, List.of(nested));
        assertThat(user().uid()).isEqualTo(5);

        images.addIndex(NAME, List.of(images.index(List.of(nested))));
        assertUnknown(UnknownCause.TOO_LARGE, "nests indexes more than 4 deep");
    }

    @Test
    void anIndexMayNotBeTooWide() {
        List<ObjectNode> entries = new ArrayList<>();
        for (int i = 0; i <= limits.indexEntries(); i++) {
            entries.add(images.entry(new TestImage(), AMD64));
        }
        images.addIndex(NAME, entries);

        assertUnknown(UnknownCause.TOO_LARGE, "holds more than 1000 entries in its index");
    }

    @Test
    void anImageWithoutIndexIsJudgedWhereItClaimsToBelong() {
        images.add(NAME, new TestImage().platform("linux/arm64").user("0"));

        assertThat(known(AMD64, ARM64).users())
                .containsExactly(new PlatformUser(ARM64, new ImageUser.Numeric("0", 0L, null)));
        assertThat(known(AMD64, ARM64).missing()).containsExactly(AMD64);
        assertUnknown(UnknownCause.PLATFORM_MISSING, "not built for linux/amd64", AMD64);
        Platform[] many = Stream.of("a", "b", "c", "d", "e", "f", "g")
                .map(name -> Platform.parse("made-up/" + name))
                .toArray(Platform[]::new);
        assertUnknown(
                UnknownCause.PLATFORM_MISSING,
                "not built for made-up/a or made-up/b or made-up/c or made-up/d or made-up/e and 2 more",
                many);
    }

    @Test
    void anImageWithoutIndexThatClaimsNothingBelongsAnywhere() {
        images.add(NAME, new TestImage().config("{\"config\":{\"User\":\"0\"}}"));

        assertThat(known(AMD64, ARM64).users()).hasSize(2);
    }

    /** A Linux node runs it all the same, and reads its USER in another way. */
    @Test
    void anImageWithoutIndexThatClaimsToBeForWindowsIsJudgedForLinuxToo() {
        images.add(NAME, new TestImage().platform("windows/amd64").user("evil").passwd("evil:x:0:0\n"));

        assertThat(known(WINDOWS, AMD64).users())
                .containsExactly(
                        new PlatformUser(WINDOWS, new ImageUser.Windows("evil")),
                        new PlatformUser(AMD64, new ImageUser.Named("evil", new Account.Row(0, 0, true))));
    }

    /** An entry that names no platform is taken where no build matches; and none is left out for being one of many. */
    @Test
    void onWindowsAnythingThatMayMatchIsJudgedOrNothing() {
        ObjectNode user = images.entry(new TestImage().platform("windows/amd64").user("ContainerUser"), WINDOWS);
        List<ObjectNode> entries = new ArrayList<>(List.of(user));
        entries.add(images.entry(new TestImage().platform("windows/amd64")));
        images.addIndex(NAME, entries);
        assertThat(known(WINDOWS).users())
                .extracting(each -> each.user().verdict())
                .contains(ImageVerdict.ROOT);

        for (int i = 0; i < 31; i++) {
            entries.add(0, user);
        }
        images.addIndex(NAME, entries);
        assertUnknown(UnknownCause.TOO_LARGE, "offers more than 32 images for windows/amd64", WINDOWS);
    }

    /** Some of them decide which image is taken, so none may hide behind others. */
    @Test
    void moreAnnotationsThanAreReadAreRefused() {
        ObjectNode entry = images.entry(new TestImage().user("1"), AMD64);
        ObjectNode annotations = entry.putObject("annotations");
        for (int i = 0; i <= 1000; i++) {
            annotations.put("a" + i, "x");
        }
        images.addIndex(NAME, List.of(entry));

        assertUnknown(UnknownCause.MALFORMED, "more than 1000 annotations");
    }

    @Test
    void everyWindowsBuildIsJudged() {
        images.addIndex(
                NAME,
                List.of(
                        images.entry(new TestImage().platform("windows/amd64").user("ContainerUser"), WINDOWS),
                        images.entry(new TestImage().platform("windows/amd64"), WINDOWS),
                        images.entry(new TestImage().user("5"), AMD64)));

        assertThat(known(WINDOWS).users())
                .containsExactly(
                        new PlatformUser(WINDOWS, new ImageUser.Windows("ContainerUser")),
                        new PlatformUser(WINDOWS, new ImageUser.Windows("")));
        assertThat(source.requests()).doesNotContain("layer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"schemaVersion\":2}",
                "{\"schemaVersion\":2,\"layers\":[]}",
                "not json",
                "{\"config\":{}}",
                "{\"config\":{\"digest\":\"sha256:x\"}}",
                "{\"config\":5}",
                "{\"config\":DESCRIPTOR,\"manifests\":[]}",
                "{\"layers\":[],\"manifests\":[]}",
                "{\"config\":DESCRIPTOR,\"Config\":DESCRIPTOR}",
                "{\"config\":DESCRIPTOR,\"layers\":[],\"layer\u017f\":[]}",
                "{\"config\":DESCRIPTOR,\"layers\":{}}",
                "{\"config\":DESCRIPTOR,\"layers\":[null]}",
                "{\"config\":DESCRIPTOR,\"mediaType\":\"application/vnd.oci.image.index.v1+json\"}",
                "{\"manifests\":[],\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\"}",
                "{\"config\":DESCRIPTOR} x",
                "{\"config\":{\"digest\":\"DIGEST\",\"size\":-1}}",
                "{\"config\":{\"digest\":\"DIGEST\",\"size\":1.5}}",
                "{\"config\":{\"digest\":\"DIGEST\",\"Digest\":\"DIGEST\"}}",
                "{\"config\":{\"digest\":\"DIGEST\",\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\"}}"
            })
    void aManifestOfAnotherShapeIsMalformed(String json) {
        String content = json.replace("DESCRIPTOR", "{\"digest\":\"DIGEST\"}").replace("DIGEST", digest());
        images.addRaw(NAME, "application/json", content);

        assertUnknown(UnknownCause.MALFORMED, "the manifest of ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schemaVersion\":1,\"fsLayers\":[],\"history\":[]}",
                "{\"schemaVersion\":1,\"mediaType\":\"application/vnd.docker.distribution.manifest.v1+json\"}",
                "{\"schemaVersion\":1,\"config\":{\"digest\":\"DIGEST\"}}"
            })
    void schemaOneIsRefusedByName(String json) {
        images.addRaw(NAME, "application/json", json.replace("DIGEST", digest()));

        assertUnknown(UnknownCause.MALFORMED, "Docker's schema 1");
        assertThat(((ImageFacts.Unknown) read(NAME)).fix())
                .isEqualTo("Push the image again with a newer client, which makes a manifest of today");
    }

    @Test
    void theShapeMustNotContradictTheResponse() {
        String digest = images.add(NAME, new TestImage().user("5"));
        images.addRaw(NAME, TestImages.OCI_INDEX, new String(images.blob(digest), StandardCharsets.UTF_8));

        assertUnknown(UnknownCause.MALFORMED, "not of the media type that it claims");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain; charset=utf-8", "application/octet-stream"})
    void aResponseWithoutARealMediaTypeIsToldByItsShape(String type) {
        String digest =
                images.add(NAME, new TestImage().user("5").changeManifest(manifest -> manifest.remove("mediaType")));
        images.addRaw(NAME, type, new String(images.blob(digest), StandardCharsets.UTF_8));

        assertThat(user().uid()).isEqualTo(5);
    }

    @Test
    void aConfigurationThatNoRuntimeReadsIsMalformed() {
        images.add(NAME, new TestImage().config("{\"config\":{\"User\":0}}"));

        assertUnknown(UnknownCause.MALFORMED, "the configuration of ");
    }

    @Test
    void keysInAnotherLetterCaseCannotHideRoot() {
        images.add(NAME, new TestImage().config("{\"config\":{\"User\":\"1000\",\"user\":\"0\"}}"));

        assertThat(user().verdict()).isEqualTo(ImageVerdict.ROOT);
    }
}
