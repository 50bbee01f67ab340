package dev.unroot.registry.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.registry.TestLayer;
import dev.unroot.registry.documents.TooLargeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What several layers make of {@code /etc/passwd}. */
class PasswdSearchTest {
    private static final String LOWER = "lower";
    private static final String UPPER = "upper";
    private static final TestLayer PLAIN = new TestLayer().directory("usr").file("usr/x", "x");

    /** Layers from the lowest up, as a Dockerfile makes them. */
    private static String passwd(TestLayer... lowestFirst) throws IOException {
        List<TestLayer> topFirst = Arrays.asList(lowestFirst.clone());
        Collections.reverse(topFirst);
        PasswdSearch search = new PasswdSearch();
        for (TestLayer layer : topFirst) {
            if (search.add(scan(layer.unpacked(), search.unsettled(), 1000, 1000))) {
                break;
            }
        }
        PasswdFile file = search.result();
        if (file instanceof PasswdFile.Found found) {
            return new String(found.content(), StandardCharsets.UTF_8);
        }
        return file instanceof PasswdFile.None ? "none" : "unclear";
    }

    private static LayerFindings scan(byte[] tar, Set<String> above, int mostEntries, int mostPasswdBytes)
            throws IOException {
        LayerScan scan = new LayerScan(mostEntries, mostPasswdBytes);
        LayerTar.read(new ByteArrayInputStream(tar), scan);
        return scan.findings(above);
    }

    private static TestLayer lower() {
        return TestLayer.passwd(LOWER);
    }

    private static TestLayer etc() {
        return new TestLayer().directory("etc");
    }

    static Stream<Arguments> found() {
        return Stream.of(
                Arguments.of("one layer", UPPER, new TestLayer[] {TestLayer.passwd(UPPER)}),
                Arguments.of("the upper layer wins", UPPER, new TestLayer[] {lower(), TestLayer.passwd(UPPER)}),
                Arguments.of("layers that do not touch it", LOWER, new TestLayer[] {lower(), PLAIN, etc()}),
                Arguments.of("the last of a layer's entries wins", UPPER, new TestLayer[] {
                    TestLayer.passwd("a").file("./etc/passwd", "b").file("etc/passwd", UPPER)
                }),
                Arguments.of("no entry for its directory", UPPER, new TestLayer[] {
                    PLAIN, new TestLayer().file("etc/passwd", UPPER)
                }),
                Arguments.of("no entry for its directory, which a lower layer has", UPPER, new TestLayer[] {
                    lower(), new TestLayer().file("etc/passwd", UPPER)
                }),
                Arguments.of("removed below", UPPER, new TestLayer[] {
                    lower(), etc().whiteout("etc/passwd"), TestLayer.passwd(UPPER)
                }),
                Arguments.of("removed and made again in one layer", UPPER, new TestLayer[] {
                    lower(), etc().whiteout("etc/passwd").file("etc/passwd", UPPER)
                }),
                Arguments.of("its directory removed and made again in one layer", UPPER, new TestLayer[] {
                    lower(), new TestLayer().whiteout("etc").directory("etc").file("etc/passwd", UPPER)
                }),
                Arguments.of("opaque before it", UPPER, new TestLayer[] {
                    lower(), etc().opaque("etc").file("etc/passwd", UPPER)
                }),
                Arguments.of("opaque after it, which hides lower layers only", UPPER, new TestLayer[] {
                    lower(), TestLayer.passwd(UPPER).opaque("etc")
                }),
                Arguments.of("all lower layers hidden", UPPER, new TestLayer[] {
                    lower(), TestLayer.passwd(UPPER).opaque("")
                }),
                Arguments.of("a link that it replaces", UPPER, new TestLayer[] {
                    etc().symbolicLink("etc/passwd", "x"), TestLayer.passwd(UPPER)
                }),
                Arguments.of("files of that name elsewhere", LOWER, new TestLayer[] {
                    lower(),
                    new TestLayer()
                            .directory("usr")
                            .directory("usr/bin")
                            .file("usr/bin/passwd", "")
                            .whiteout("usr/etc")
                            .directory("usr/etc")
                            .file("usr/etc/passwd", "")
                            .whiteout("usr/passwd")
                            .opaque("usr")
                            .file("passwd", "")
                            .whiteout("usr2")
                }),
                Arguments.of("files of that name elsewhere, in layers without directories", LOWER, new TestLayer[] {
                    lower(),
                    new TestLayer().directory("usr").directory("usr/bin"),
                    PLAIN,
                    new TestLayer()
                            .file("usr/bin/passwd", "")
                            .symbolicLink("usr/bin/x", "y")
                            .whiteout("usr/bin/etc")
                            .opaque("opt/app")
                            .hardLink("opt/passwd", "opt/x")
                }),
                Arguments.of("below a directory that was made again", LOWER, new TestLayer[] {
                    lower(),
                    new TestLayer()
                            .directory("d")
                            .directory("d/x")
                            .file("d", "")
                            .directory("d")
                            .file("d/x/passwd", UPPER)
                }),
                Arguments.of("links elsewhere", LOWER, new TestLayer[] {
                    lower(),
                    new TestLayer()
                            .symbolicLink("a", "etc")
                            .symbolicLink("b", "/")
                            .directory("c")
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("found")
    void isFoundWhereRuntimesAgree(String title, String expected, TestLayer... layers) throws IOException {
        assertThat(passwd(layers)).isEqualTo(expected);
    }

    static Stream<Arguments> none() {
        return Stream.of(
                Arguments.of("no layer", new TestLayer[] {}),
                Arguments.of("an empty layer", new TestLayer[] {new TestLayer()}),
                Arguments.of("not in any layer", new TestLayer[] {PLAIN, etc()}),
                Arguments.of("removed", new TestLayer[] {lower(), etc().whiteout("etc/passwd")}),
                Arguments.of(
                        "removed, without an entry for its directory",
                        new TestLayer[] {lower(), new TestLayer().whiteout("etc/passwd")}),
                Arguments.of("directory removed", new TestLayer[] {lower(), new TestLayer().whiteout("etc")}),
                Arguments.of("directory opaque", new TestLayer[] {lower(), etc().opaque("etc")}),
                Arguments.of("another letter case", new TestLayer[] {etc().file("etc/Passwd", "x"), PLAIN}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("none")
    void isMissingWhereRuntimesAgree(String title, TestLayer... layers) throws IOException {
        assertThat(passwd(layers)).isEqualTo("none");
    }

    static Stream<Arguments> unclear() {
        return Stream.of(
                unclear("a symbolic link", layer -> layer.directory("etc").symbolicLink("etc/passwd", "../x")),
                unclear("a hard link", layer -> layer.directory("etc").hardLink("etc/passwd", "x")),
                unclear("a directory", layer -> layer.directory("etc").directory("etc/passwd")),
                unclear(
                        "a device, as overlayfs hides files",
                        layer -> layer.directory("etc").special("etc/passwd", '3')),
                unclear("a pipe", layer -> layer.directory("etc").special("etc/passwd", '6')),
                unclear("of an unknown type", layer -> layer.directory("etc").special("etc/passwd", '7')),
                unclear(
                        "a file called a directory",
                        layer -> layer.directory("etc").put(slashed(), new byte[0])),
                unclear(
                        "a link replaced",
                        layer -> layer.directory("etc")
                                .symbolicLink("etc/passwd", "x")
                                .file("etc/passwd", UPPER)),
                unclear(
                        "a file replaced by a link",
                        layer ->
                                layer.directory("etc").file("etc/passwd", UPPER).symbolicLink("etc/passwd", "x")),
                unclear("/etc a symbolic link", layer -> layer.symbolicLink("etc", "usr")),
                unclear(
                        "/etc a link, then written through",
                        layer -> layer.symbolicLink("etc", "usr").file("etc/passwd", UPPER)),
                unclear(
                        "/etc a link, then a directory",
                        layer -> layer.symbolicLink("etc", "usr")
                                .directory("etc")
                                .file("etc/passwd", UPPER)),
                unclear("/etc a file", layer -> layer.file("etc", "")),
                unclear("/etc a device", layer -> layer.special("etc", '3')),
                unclear(
                        "made and removed in one layer",
                        layer ->
                                layer.directory("etc").file("etc/passwd", UPPER).whiteout("etc/passwd")),
                unclear(
                        "made, and its directory removed in one layer",
                        layer ->
                                layer.directory("etc").file("etc/passwd", UPPER).whiteout("etc")),
                unclear(
                        "/etc removed and made again without it",
                        layer -> layer.whiteout("etc").directory("etc")),
                unclear("all lower layers hidden, which overlayfs does not do", layer -> layer.opaque("")),
                unclear(
                        "whiteout without a name",
                        layer -> layer.directory("usr").file("usr/.wh.", "")),
                unclear(
                        "whiteout of its directory",
                        layer -> layer.directory("usr").file("usr/.wh..", "")),
                unclear(
                        "whiteout of the directory above",
                        layer -> layer.directory("usr").file("usr/.wh...", "")),
                unclear(
                        "through a link to /etc",
                        layer -> layer.symbolicLink("a", "etc").file("a/passwd", UPPER)),
                unclear(
                        "removed through a link",
                        layer -> layer.symbolicLink("a", "etc").whiteout("a/passwd")),
                unclear(
                        "opaque through a link",
                        layer -> layer.symbolicLink("a", "etc").opaque("a")),
                unclear(
                        "through a link to the root",
                        layer -> layer.symbolicLink("a", ".").file("a/etc/passwd", UPPER)),
                unclear(
                        "/etc replaced through a link",
                        layer -> layer.symbolicLink("a", ".").symbolicLink("a/etc", "b")),
                unclear(
                        "/etc removed through a link",
                        layer -> layer.symbolicLink("a", "/").whiteout("a/etc")),
                unclear(
                        "through a directory that a link may have replaced",
                        layer -> layer.directory("d").symbolicLink("d", "etc").file("d/passwd", UPPER)),
                unclear(
                        "through a directory that was replaced through a link",
                        layer -> layer.directory("d")
                                .symbolicLink("a", ".")
                                .symbolicLink("a/d", "etc")
                                .file("d/passwd", UPPER)),
                unclear(
                        "all lower layers hidden, after passwd in a directory that has no entry",
                        layer -> layer.file("etc/passwd", UPPER).opaque("")),
                unclear(
                        "a file below it, which makes it a directory",
                        layer -> layer.directory("etc").file("etc/passwd/x", UPPER)),
                unclear(
                        "a link below it, which makes it a directory",
                        layer -> layer.directory("etc").symbolicLink("etc/passwd/x", "y")),
                unclear(
                        "a whiteout below it, which makes it a directory",
                        layer -> layer.directory("etc").whiteout("etc/passwd/x")),
                unclear("a mark for overlayfs", layer -> layer.put(mark("trusted.overlay.redirect"), new byte[0])),
                unclear("a mark for overlayfs of users", layer -> layer.put(mark("user.overlay.opaque"), new byte[0])),
                unclear(
                        "a mark for fuse-overlayfs",
                        layer -> layer.put(mark("user.fuseoverlayfs.opaque"), new byte[0])),
                unclear(
                        "a file's type for fuse-overlayfs",
                        layer -> layer.put(mark("user.containers.override_stat"), new byte[0])));
    }

    /** The kernel's overlay stops at the whiteout; containerd since 2.3 goes on below it. */
    @Test
    void aDirectoryThatOneLayerRemovesAndAnotherMakesAgainMayShowWhatWasRemoved() throws IOException {
        TestLayer removed = new TestLayer().whiteout("etc");

        assertThat(passwd(lower(), removed, etc())).isEqualTo("unclear");
        assertThat(passwd(lower(), removed, new TestLayer().file("etc/hosts", "")))
                .isEqualTo("unclear");
        assertThat(passwd(lower(), removed, PLAIN, new TestLayer().whiteout("etc/x")))
                .isEqualTo("unclear");
        assertThat(passwd(lower(), removed, removed, etc())).isEqualTo("unclear");
        assertThat(passwd(lower(), PLAIN, removed, PLAIN, etc(), PLAIN)).isEqualTo("unclear");
        // Made through a link.
        assertThat(passwd(
                        lower(),
                        removed,
                        new TestLayer().symbolicLink("a", "etc").file("a/x", "")))
                .isEqualTo("unclear");
    }

    @Test
    void aDirectoryThatIsMadeAgainHidesForCertainWhatNobodyReadsOn() throws IOException {
        TestLayer removed = new TestLayer().whiteout("etc");

        assertThat(passwd(etc(), removed, etc())).isEqualTo("none");
        assertThat(passwd(lower(), etc().whiteout("etc/passwd"), removed, etc()))
                .isEqualTo("none");
        assertThat(passwd(lower(), etc().opaque("etc"), removed, etc())).isEqualTo("none");
        assertThat(passwd(lower(), removed, etc().whiteout("etc/passwd"))).isEqualTo("none");
        assertThat(passwd(lower(), removed, etc().opaque("etc"))).isEqualTo("none");
        assertThat(passwd(lower(), removed, PLAIN)).isEqualTo("none");
        assertThat(passwd(lower(), removed, TestLayer.passwd(UPPER), etc())).isEqualTo(UPPER);
    }

    private static Arguments unclear(String title, UnaryOperator<TestLayer> upper) {
        return Arguments.of(title, upper.apply(new TestLayer()));
    }

    private static TarArchiveEntry slashed() {
        TarArchiveEntry entry = TestLayer.entry("etc/passwd", TarConstants.LF_NORMAL);
        entry.setName("etc/passwd/");
        return entry;
    }

    private static TarArchiveEntry mark(String attribute) {
        TarArchiveEntry entry = TestLayer.entry("etc/", TarConstants.LF_DIR);
        entry.addPaxHeader("SCHILY.xattr." + attribute, "/evil");
        return entry;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unclear")
    void isUnclearWhereRuntimesMayDisagree(String title, TestLayer upper) throws IOException {
        assertThat(passwd(lower(), upper)).isEqualTo("unclear");
    }

    @Test
    void aLinkInALowerLayerMattersWhereTheUpperOneHasNoDirectory() throws IOException {
        TestLayer linked = new TestLayer().symbolicLink("etc", "usr/etc");
        TestLayer upper = new TestLayer().file("etc/passwd", UPPER);

        assertThat(passwd(linked, PLAIN, upper)).isEqualTo("unclear");
        assertThat(passwd(
                        linked, PLAIN, new TestLayer().file("etc/passwd", UPPER).directory("etc")))
                .isEqualTo("unclear");
        assertThat(passwd(linked, TestLayer.passwd(LOWER), PLAIN, upper)).isEqualTo(UPPER);
        assertThat(passwd(linked, new TestLayer().whiteout("etc"), PLAIN, upper))
                .isEqualTo(UPPER);
    }

    static Stream<Arguments> leading() {
        return Stream.of(
                leading("to a file of that name", layer -> layer.file("a/passwd", UPPER)),
                leading("two links down", layer -> layer.file("b/a/passwd", UPPER)),
                leading("to a link of that name", layer -> layer.symbolicLink("a/passwd", "x")),
                leading("to a whiteout", layer -> layer.whiteout("a/passwd")),
                leading("to an opaque mark", layer -> layer.opaque("a")),
                leading(
                        "to a link that leads to it",
                        layer -> layer.symbolicLink("b/d", "etc").file("d/passwd", UPPER)));
    }

    private static Arguments leading(String title, UnaryOperator<TestLayer> upper) {
        return Arguments.of(title, upper.apply(new TestLayer()));
    }

    /** It may be written through the link or instead of it, and only a directory in between makes that one and the same. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("leading")
    void aLinkInALowerLayerMayLead(String title, TestLayer upper) throws IOException {
        TestLayer links = new TestLayer().symbolicLink("a", "etc").symbolicLink("b", ".");
        TestLayer directories = new TestLayer().directory("a").directory("b").directory("b/a");

        assertThat(passwd(links, lower(), upper)).isEqualTo("unclear");
        assertThat(passwd(lower(), links, PLAIN, upper)).isEqualTo("unclear");
        assertThat(passwd(links, lower(), directories, upper)).isEqualTo(LOWER);
        assertThat(passwd(lower(), upper)).isEqualTo(LOWER);
    }

    @Test
    void aLinkMayMakeTheDirectoryThatALowerLayerIsAskedFor() throws IOException {
        TestLayer root = new TestLayer().symbolicLink("b", ".");
        TestLayer middle = new TestLayer().symbolicLink("b/a", "etc");
        TestLayer upper = new TestLayer().file("a/passwd", UPPER);

        assertThat(passwd(lower(), root, middle, upper)).isEqualTo("unclear");
        assertThat(passwd(lower(), middle, upper)).isEqualTo(LOWER);
    }

    @Test
    void moreLinksThanAreRememberedSettleNothing() throws IOException {
        TestLayer links = new TestLayer();
        for (int i = 0; i <= 50_000; i++) {
            links.symbolicLink("l" + i, "x");
        }
        PasswdSearch search = new PasswdSearch();
        for (TestLayer layer : List.of(new TestLayer().file("a/passwd", UPPER), links)) {
            search.add(scan(layer.unpacked(), search.unsettled(), 100_000, 1000));
        }

        assertThat(search.result()).isInstanceOf(PasswdFile.Unclear.class);
    }

    @Test
    void namesThatTakeMoreMemoryThanIsAllowedSettleNothing() throws IOException {
        TestLayer doubts = new TestLayer();
        for (int i = 0; i < 12_000; i++) {
            doubts.file(i + "x".repeat(400) + "/passwd", "");
        }

        LayerFindings findings = scan(doubts.unpacked(), Set.of(), 100_000, 1000);

        assertThat(findings.ambiguity()).contains("may lead to /etc through a link");
        assertThat(findings.unsettled()).isEmpty();
        // Nor do those of many layers add up.
        Set<String> above =
                IntStream.range(0, 12_000).mapToObj(i -> i + "y".repeat(400)).collect(Collectors.toSet());
        assertThat(scan(PLAIN.unpacked(), above, 100_000, 1000).ambiguity()).isNotNull();
    }

    /** Each of whose parents a link could be. */
    @Test
    void aNameOfHalfAMillionDirectoriesIsSettledAtOnce() throws IOException {
        LayerScan scan = new LayerScan(10, 1000);
        scan.see(
                new TarEntry("a/".repeat(500_000) + "passwd", TarEntry.SYMBOLIC_LINK, "x", 0, false, false),
                most -> new byte[0]);

        assertThat(scan.findings(Set.of()).ambiguity()).contains("may lead to /etc through a link");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "./etc/passwd",
                "/etc/passwd",
                "a/../etc/passwd",
                "etc//passwd",
                "../etc/passwd",
                "etc/./x/../passwd"
            })
    void namesAreCleaned(String name) throws IOException {
        assertThat(passwd(lower(), etc().file(name, UPPER))).isEqualTo(UPPER);
    }

    @Test
    void theSearchEndsAsSoonAsItCan() throws IOException {
        PasswdSearch search = new PasswdSearch();

        assertThat(search.add(scan(PLAIN.unpacked(), Set.of(), 9, 9))).isFalse();
        assertThat(search.add(scan(lower().unpacked(), Set.of(), 9, 9))).isTrue();
    }

    @Test
    void entriesAndBytesHaveALimit() {
        byte[] layer = TestLayer.passwd("12345").unpacked();

        assertThatThrownBy(() -> scan(layer, Set.of(), 1, 100))
                .isInstanceOf(TooLargeException.class)
                .hasMessage("holds more than 1 files");
        assertThatThrownBy(() -> scan(layer, Set.of(), 2, 4))
                .isInstanceOf(TooLargeException.class)
                .hasMessage("holds an /etc/passwd of more than 4 bytes");
    }
}
