package dev.unroot.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.manifest.ManifestResult.Found;
import dev.unroot.manifest.ManifestResult.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read as a stream is read as it would be as a whole, and takes no more room however long it is. */
class LongInputTest {
    private static final String A =
            "- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c}]}}\n";
    private static final String B =
            "- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: b, namespace: ns}\n  spec: {}\n";
    private static final String UNTYPED = "- metadata: {name: u}\n  spec: {containers: [{name: c}]}\n";
    private static final String NESTED =
            "- apiVersion: v1\n  kind: PodList\n  items: [{metadata: {name: d}}, {metadata: {name: e}}]\n";

    static Stream<String> lists() {
        return Stream.of(
                "apiVersion: v1\nkind: List\nitems:\n" + A + B + NESTED + UNTYPED + "- null\n- 5\nmetadata: {}\n",
                "apiVersion: v1\nitems:\n" + A + B + NESTED + UNTYPED + "- null\n- 5\nkind: List\nmetadata: {}\n",
                "items:\n" + UNTYPED + A + UNTYPED + "kind: PodList\napiVersion: v1\n",
                "apiVersion: v1\nkind: PodList\nitems:\n" + UNTYPED + A + UNTYPED,
                "kind: PodList\nitems:\n" + UNTYPED + A + UNTYPED + "apiVersion: v1\n",
                "kind: List\nitems:\n" + A + B,
                "kind: 5\nitems:\n" + A + B,
                "apiVersion: v1\nkind: ConfigMap\nitems:\n" + A + B,
                "apiVersion: v1\nkind: lsit\nitems:\n" + A + B,
                "apiVersion: v1\nkind: List\nitems: {}\n---\napiVersion: v1\nkind: List\nitems: &a []\n",
                "apiVersion: v1\nkind: List\nitems:\n- &p " + A.substring(2) + "- *p\n" + B,
                "%YAML 1.1\n---\napiVersion: v1\nkind: List\nitems:\n" + A + "---\n" + A + "--- {a: b}\n",
                "--- # one\napiVersion: v1\r\nkind: List\r\nitems:\n" + A + "---\r\n---\n" + A + "---",
                "{\"apiVersion\": \"v1\", \"items\": [\n{\"kind\": \"Pod\", \"apiVersion\": \"v1\"},\n{}], \"kind\": \"List\"}"
                        + "{\"apiVersion\": \"v1\",\n \"kind\": \"Pod\"}",
                "---\n{\"apiVersion\": \"v1\", \"kind\": \"PodList\", \"items\": [\n{}, {\"spec\": 5},\n{}]}\n---\n"
                        + A);
    }

    @ParameterizedTest
    @MethodSource("lists")
    void readsListsAsItWouldReadThemWhole(String text) {
        assertThat(read(text, 0)).isEqualTo(read(text, YamlDocuments.WHOLE)).isNotEmpty();
    }

    @Test
    void readsAllExamplesAndCasesAsItWouldReadThemWhole() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("src/test/resources/cases", "manifests")) {
            try (Stream<Path> found = Files.walk(Path.of(folder))) {
                found.filter(file -> file.toString().matches(".*\\.(yaml|json)"))
                        .forEach(files::add);
            }
        }
        assertThat(files).hasSizeGreaterThan(100);
        for (Path file : files) {
            String text = Files.readString(file);
            assertThat(read(text, 0)).as("%s", file).isEqualTo(read(text, YamlDocuments.WHOLE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind: List\nitems:\n", "items:\n"})
    void whatWasReadBeforeTheInputBrokeIsJudged(String start) {
        List<ManifestResult> results = read("apiVersion: v1\n" + start + A + B + "- apiVersion: 'v1\n---\n" + A, 0);
        assertThat(results.subList(0, 2)).allMatch(Found.class::isInstance);
        assertThat(results.get(2))
                .isInstanceOfSatisfying(
                        Unreadable.class, broken -> assertThat(broken.message()).startsWith("not YAML: "));
        assertThat(results).hasSize(4);
    }

    @Test
    void aListOfUnknownKindIsRefusedWhereItCannotBeHeld() {
        String text = "apiVersion: v1\nitems:\n" + A + "kind: %s\n";
        assertThat(messages(read(text.formatted("ConfigMap"), 0)))
                .containsExactly("1: longer than 1 MiB, and its items stand before its kind, which is no list's:"
                        + " write its apiVersion and kind before its items");
    }

    @Test
    void faultsOfTheTextAreToldWithTheirLines() {
        String pods = ("---\n" + A.substring(2)).repeat(2);
        assertThat(messages(read(pods + "---\n#\na: \u0007b\n" + pods, 0)))
                .containsExactly("7: not YAML: the character U+0007 is not allowed");
        assertThat(messages(read(pods + "---\n#\na: " + "b".repeat(3 << 20) + "\n" + pods, 0)))
                .containsExactly("7: longer than 2 MiB in one line");
        byte[] broken = (pods + "---\n#\na: ?b\n" + pods).getBytes(UTF_8);
        broken[broken.length - pods.length() - 3] = (byte) 0xE9;
        assertThat(messages(read(new ByteArrayInputStream(broken), 0))).containsExactly("7: not UTF-8 text");
        assertThat(messages(read("{\"a\": \"" + "b".repeat(17 << 20) + "\"}", 0)))
                .containsExactly("1: longer than 16 MiB in one object: no cluster would take it");
    }

    @Test
    void anObjectOfAListIsBoundedByItself() {
        String big = "\"" + "b".repeat(9 << 20) + "\"";
        String item = "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"data\": %s}";
        String list = "{\"items\": [" + item.formatted(big) + ",\n" + item.formatted(big) + ",\n"
                + item.formatted("[" + big + "," + big + "]") + "], \"apiVersion\": \"v1\", \"kind\": \"List\"}";
        List<ManifestResult> results = read(list, YamlDocuments.WHOLE);
        assertThat(results).hasSize(3);
        assertThat(messages(results)).containsExactly("3: longer than 16 MiB in one object: no cluster would take it");
    }

    @Test
    void anchorsAreKeptWithinTheBoundsOfOneObject() {
        String item =
                "- &a%d {apiVersion: v1, kind: ConfigMap, data: [" + ("0,".repeat(100) + "\n  ").repeat(200) + "]}\n";
        StringBuilder list = new StringBuilder("apiVersion: v1\nkind: List\nitems:\n");
        for (int i = 0; i < 60; i++) {
            list.append(item.formatted(i));
        }
        assertThat(messages(read(list.toString(), 0)))
                .containsExactly("10051: holds more than 1000000 values, what its aliases stand for included");
        assertThat(read(list.toString().replaceAll("&a[0-9]+ ", ""), 0))
                .hasSize(60)
                .allMatch(Found.class::isInstance);
    }

    @Test
    void itemsThatSayNoTypeWaitWithinBounds() {
        String item = "- {data: [" + ("0,".repeat(100) + "\n  ").repeat(200) + "]}\n";
        assertThat(messages(read("apiVersion: v1\nitems:\n" + item.repeat(60) + "kind: ConfigMapList\n", 0)))
                .singleElement()
                .asString()
                .startsWith("9852: more than 1000000 values in items without apiVersion and kind");
        assertThat(read("apiVersion: v1\nkind: ConfigMapList\nitems:\n" + item.repeat(60), 0))
                .hasSize(60);
    }

    @Test
    void aFaultOfTheInputIsNoneOfTheDocument() {
        InputStream breaks = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        InputStream in =
                new SequenceInputStream(new ByteArrayInputStream(A.substring(2).getBytes(UTF_8)), breaks);
        assertThat(messages(read(in, 0))).containsExactly("0: could not be read: the disk is gone");
    }

    @Test
    void whatNeverEndsIsNotReadForEver() {
        DocumentSplitter splitter = new DocumentSplitter(endless("y\n"), 10 << 20);
        assertThatThrownBy(() -> {
                    splitter.next();
                    splitter.next();
                })
                .isInstanceOf(DocumentException.class)
                .hasMessage("no other document begins within 10 MiB: nothing more was read");
        assertThat(messages(read(endless("---\n"), YamlDocuments.WHOLE)))
                .containsExactly("100001: more than 100000 documents: split the input");
        assertThat(messages(read(
                        new SequenceInputStream(
                                new ByteArrayInputStream("apiVersion: v1\nkind: PodList\nitems:\n".getBytes(UTF_8)),
                                endless("- {}\n")),
                        YamlDocuments.WHOLE)))
                .containsExactly(
                        "200004: more than 200000 objects, and none from here on was judged: give them in several runs");
    }

    private static InputStream endless(String text) {
        byte[] bytes = text.repeat(1000).getBytes(UTF_8);
        return new InputStream() {
            private int at;

            @Override
            public int read() {
                return bytes[at++ % bytes.length];
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                int count = Math.min(length, bytes.length - at % bytes.length);
                System.arraycopy(bytes, at % bytes.length, target, offset, count);
                at = (at + count) % bytes.length;
                return count;
            }
        };
    }

    private static List<String> messages(List<ManifestResult> results) {
        return results.stream()
                .filter(Unreadable.class::isInstance)
                .map(result -> result.location().line() + ": " + ((Unreadable) result).message())
                .toList();
    }

    private static List<ManifestResult> read(String text, int whole) {
        return read(new ByteArrayInputStream(text.getBytes(UTF_8)), whole);
    }

    private static List<ManifestResult> read(InputStream in, int whole) {
        return new ManifestFiles(PodTemplates.BUILT_IN, in, whole).read(List.of("-"));
    }
}
