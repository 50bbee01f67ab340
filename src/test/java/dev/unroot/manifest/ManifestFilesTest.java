package dev.unroot.manifest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.manifest.ManifestResult.Found;
import dev.unroot.manifest.ManifestResult.Unreadable;
import dev.unroot.model.Pod;
import dev.unroot.model.Subject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFilesTest {
    private static final String POD =
            "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: c}]}\n";

    @TempDir
    Path directory;

    @Test
    void readsEveryDocumentOfAFileWithItsNumberAndLine() throws IOException {
        assertThat(read("# two pods\n" + pod("one") + "---\n# a comment\n" + pod("two") + "---\n"))
                .containsExactly("1:2 Pod one", "2:8 Pod two");
    }

    @Test
    void countsDocumentsByTheirMarkers() throws IOException {
        assertThat(read("---\n" + pod("one") + "---\n# nothing here\n---\n" + pod("three")))
                .containsExactly("1:2 Pod one", "3:9 Pod three");
        assertThat(read("--- # a comment\n" + pod("one") + "--- {apiVersion: v1, kind: Service}\n"))
                .containsExactly("1:2 Pod one", "2:6 Service ");
    }

    @Test
    void anEmptyFileHoldsNothing() throws IOException {
        for (String nothing : List.of("", "\n", "# only a comment\n", "---\n", "---\n---\n", "null\n", "\uFEFF")) {
            assertThat(read(nothing)).as("%s", nothing).containsExactly("0:0 ! holds no object");
            assertThat(described(
                            new ManifestFiles(PodTemplates.BUILT_IN, new ByteArrayInputStream(nothing.getBytes(UTF_8)))
                                    .read(List.of("-"))))
                    .containsExactly("0:0 ! holds no object: did the command before the pipe fail?");
            assertThat(described(
                            new ManifestFiles(PodTemplates.BUILT_IN, noInput()).read(List.of(directory.toString()))))
                    .containsExactly("0:0 ! holds no object");
        }
        // A chart's folder has files that came out empty beside others.
        Files.writeString(directory.resolve("other.yaml"), pod("x"));
        assertThat(described(new ManifestFiles(PodTemplates.BUILT_IN, noInput()).read(List.of(directory.toString()))))
                .containsExactly("1:1 Pod x");
    }

    @Test
    void aListOfNothingHoldsNothing() throws IOException {
        assertThat(read("apiVersion: v1\nkind: List\nitems: []\n")).containsExactly("0:0 ! holds no object");
    }

    @Test
    void aBrokenDocumentHidesNoOther() throws IOException {
        String broken = "apiVersion: v1\nkind: Pod\nmetadata: {name: 'broken\n";
        assertThat(read(pod("one") + "---\n" + pod("two") + "---\n" + broken + "---\n" + pod("four")))
                .containsExactly(
                        "1:1 Pod one",
                        "2:6 Pod two",
                        "3:14 ! not YAML: found unexpected end of stream",
                        "4:15 Pod four");
    }

    @Test
    void aTabThatIndentsIsNamed() throws IOException {
        assertThat(read("kind: Pod\nspec:\n\tcontainers: []\n"))
                .containsExactly(
                        "1:3 ! not YAML: a tab stands where a line is indented, or begins something: indent with"
                                + " spaces");
    }

    @Test
    void readsConcatenatedJson() throws IOException {
        String json = "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\", \"metadata\": {\"name\": \"%s\"}}\n";
        assertThat(read(json.formatted("one") + json.formatted("\\ud83d\\ude00") + "{\"kind\": }\n"))
                .containsExactly("1:1 Pod one", "2:4 Pod 😀", "3:7 ! not JSON: no \"}\" may stand there");
        assertThat(read("{\"apiVersion\": \"v1\",\n\"kind\": \"Pod\", \"spec\": {"))
                .containsExactly("1:2 ! not JSON: it ends where something is still open");
        assertThat(read("---\n" + json.formatted("one") + "---\n" + json.formatted("two")))
                .containsExactly("1:2 Pod one", "2:6 Pod two");
    }

    @Test
    void readsYamlInBraces() throws IOException {
        assertThat(read("{apiVersion: v1, kind: Pod, metadata: {name: x}}\n")).containsExactly("1:1 Pod x");
    }

    @Test
    void takesListsApart() throws IOException {
        String list = """
                apiVersion: v1
                kind: List
                items:
                - apiVersion: v1
                  kind: Pod
                  metadata: {name: a}
                - apiVersion: apps/v1
                  kind: DeploymentList
                  items:
                  - metadata: {name: b}
                    spec: {template: {spec: {containers: [{name: c, securityContext: {runAsUser: 7}}]}}}
                - apiVersion: v1
                  kind: PodList
                  items: null
                - metadata: {name: untyped}
                - null
                """;
        List<ManifestResult> results = results(list);
        assertThat(described(results))
                .containsExactly(
                        "1:4 Pod a",
                        "1:10 Deployment b",
                        "1:15 ! not a Kubernetes object: it has no apiVersion and kind",
                        "1:16 ! not a Kubernetes object, but null");
        Pod pod = ((Found) results.get(1)).subject().pod();
        assertThat(pod.containers().get(0).written().runAsUser()).isEqualTo(7);
    }

    @Test
    void listsNestOnlySoDeep() throws IOException {
        String nested = pod("deep").replace("\n", ", ").replaceAll(", $", "");
        for (int i = 0; i < 9; i++) {
            nested = "apiVersion: v1, kind: List, items: [{" + nested + "}]";
        }
        assertThat(read("{" + nested + "}")).containsExactly("1:1 ! lists within lists, more than 8 deep");
    }

    @Test
    void anObjectWithItemsThatIsNoListStaysWhole() throws IOException {
        assertThat(read("apiVersion: v1\nkind: ConfigMap\nitems: []\n")).containsExactly("1:1 ConfigMap ");
        assertThat(read("apiVersion: v1\nkind: List\nitems: 5\n")).containsExactly("1:3 ! items must be a list, not 5");
    }

    @Test
    void tellsTheFieldThatIsWrong() throws IOException {
        String wrong = """
                apiVersion: v1
                kind: Pod
                metadata:
                  labels:
                    app.kubernetes.io/name: x
                    unroot.dev/enforce: 5
                spec:
                  containers: []
                ---
                apiVersion: apps/v1
                kind: Deployment
                spec:
                  template:
                    spec:
                      containers:
                      - name: a
                      - name: b
                        securityContext:
                          runAsNonRoot: true
                          runAsUser: "0"
                ---
                apiVersion: v1
                kind: Pod
                spec:
                  securityContext: {}
                  containers:
                    name: c
                """;
        assertThat(read(wrong))
                .containsExactly(
                        "1:6 ! metadata.labels.unroot.dev/enforce must be text, not 5",
                        "2:20 ! spec.template.spec.containers[1].securityContext.runAsUser must be a whole number,"
                                + " not the text \"0\"",
                        "3:26 ! spec.containers must be a list, not an object");
    }

    @Test
    void aUidOutOfRangeIsUnreadable() throws IOException {
        String pod = "apiVersion: v1\nkind: Pod\nspec:\n  securityContext:\n    runAsUser: %s\n";
        assertThat(read(pod.formatted("4294967296")))
                .containsExactly(
                        "1:5 ! spec.securityContext.runAsUser must be between 0 and 2147483647, not 4294967296");
        assertThat(read(pod.formatted("-1")))
                .containsExactly("1:5 ! spec.securityContext.runAsUser must be between 0 and 2147483647, not -1");
        assertThat(read(pod.formatted("1e19")))
                .containsExactly(
                        "1:5 ! spec.securityContext.runAsUser is 10000000000000000000, which no 64-bit number can hold");
        assertThat(read(pod.formatted("1.5")))
                .containsExactly("1:5 ! spec.securityContext.runAsUser must be a whole number, not 1.5");
        assertThat(read(pod.formatted("2147483647\n  containers: [{securityContext: {runAsUser: 2147483648}}]")))
                .containsExactly("1:6 ! spec.containers[0].securityContext.runAsUser must be between 0 and 2147483647,"
                        + " not 2147483648");
    }

    @Test
    void jsonNumbersReadAsYamlNumbersDo() throws IOException {
        List<ManifestResult> results = results(
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"securityContext\":" + "{\"runAsUser\":1e3}}}");
        assertThat(((Found) results.get(0)).subject().pod().securityContext().runAsUser())
                .isEqualTo(1000);
    }

    @Test
    void whatIsNoKubernetesObjectIsAnError() throws IOException {
        assertThat(read("hello\n---\n- 1\n---\nname: x\n---\nkind: Pod\n---\napiVersion: v1\n---\nkind: 5\n"))
                .containsExactly(
                        "1:1 ! not a Kubernetes object, but the text \"hello\"",
                        "2:3 ! not a Kubernetes object, but a list",
                        "3:5 ! not a Kubernetes object: it has no apiVersion and kind",
                        "4:7 ! not a Kubernetes object: it has no apiVersion",
                        "5:9 ! not a Kubernetes object: it has no kind",
                        "6:11 ! kind must be text, not 5");
    }

    @Test
    void nullListsMissingMetadataAndUnknownFieldsAreFine() throws IOException {
        assertThat(read("apiVersion: v1\nkind: Pod\nnews: {a: [1]}\nspec: {containers: null, initContainers: }\n"))
                .containsExactly("1:1 Pod ");
        assertThat(read("apiVersion: v1\nkind: Pod\nmetadata: null\nspec: null\n"))
                .containsExactly("1:1 Pod ");
    }

    @Test
    void keysMustNotRepeat() throws IOException {
        assertThat(read("apiVersion: v1\nkind: Pod\nspec: {}\nspec: {}\n"))
                .containsExactly("1:4 ! key \"spec\" is there twice, first on line 3");
        assertThat(read("a: 1\n---\n{\"kind\": \"Pod\",\n\"kind\": \"Service\"}\n"))
                .containsExactly(
                        "1:1 ! not a Kubernetes object: it has no apiVersion and kind",
                        "2:4 ! key \"kind\" is there twice, first on line 3");
        assertThat(read("yes: 1\n\"true\": 2\n")).containsExactly("1:2 ! key \"true\" is there twice, first on line 1");
    }

    @Test
    void templatesAreToldAsSuch() throws IOException {
        String hint = "; it looks like an unrendered template: render it first, for instance with helm template";
        assertThat(read("apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n"))
                .containsExactly("1:4 ! a key must be text, and here it is an object, a list or nothing" + hint);
        assertThat(read("{{- if .Values.enabled }}\napiVersion: v1\nkind: Pod\n{{- end }}\n"))
                .singleElement()
                .asString()
                .endsWith(hint);
        assertThat(read("apiVersion: v1\nkind: Pod\nspec: {securityContext: {runAsUser: \"{{ .Values.uid }}\"}}\n"))
                .singleElement()
                .asString()
                .endsWith(hint);
        assertThat(read("apiVersion: v1\nkind: Pod\nspec: [\n"))
                .singleElement()
                .asString()
                .doesNotContain(hint);
    }

    @Test
    void textMustBeUtf8() throws IOException {
        byte[] latin1 = (pod("one") + "---\n# caf\u00e9\n" + pod("two") + "---\n" + pod("three")).getBytes(ISO_8859_1);
        assertThat(read(latin1)).containsExactly("1:1 Pod one", "2:6 ! not UTF-8 text", "3:12 Pod three");
        assertThat(read("a: \u0000b\n")).containsExactly("1:1 ! not YAML: the character U+0000 is not allowed");
    }

    @Test
    void byteOrderMarksAreRead() throws IOException {
        String marked = "\uFEFF" + pod("x");
        for (byte[] bytes : List.of(marked.getBytes(UTF_8), marked.getBytes(UTF_16BE), marked.getBytes(UTF_16LE))) {
            assertThat(read(bytes)).containsExactly("1:1 Pod x");
        }
        assertThat(read(new byte[] {(byte) 0xFE, (byte) 0xFF, (byte) 0xD8, 0x00, 0x00}))
                .containsExactly("1:1 ! not UTF-16 text, although it begins like it");
    }

    @Test
    void anObjectIsBounded() throws IOException {
        String large = pod("one") + (" ".repeat(999) + "\n").repeat(20_000) + "---\n" + pod("three");
        assertThat(read(large))
                .containsExactly(
                        "1:1 ! longer than 16 MiB in one object: no cluster would take it", "2:20006 Pod three");
    }

    @Test
    void aLineIsBounded() throws IOException {
        assertThat(read("a: 1\n---\nb: 2\nc: " + "x".repeat(3 << 20) + "\n---\n" + pod("after")))
                .containsExactly(
                        "1:1 ! not a Kubernetes object: it has no apiVersion and kind",
                        "2:4 ! longer than 2 MiB in one line",
                        "3:6 Pod after");
        assertThat(read("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"data\": {\"a\": \"" + "x".repeat(3 << 20)
                        + "\"}}"))
                .containsExactly("1:1 ConfigMap ");
    }

    @Test
    void aliasesCountAsWhatTheyStandFor() throws IOException {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, alias))));
        }
        assertThat(read(bomb + "---\n" + pod("after")))
                .containsExactly(
                        "1:6 ! holds more than 1000000 values, what its aliases stand for included", "2:12 Pod after");

        StringBuilder chain = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 300; i++) {
            chain.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
        }
        assertThat(read(chain.toString())).containsExactly("1:199 ! nested deeper than 200 levels");
    }

    @Test
    void depthIsBounded() throws IOException {
        for (String deep : List.of("[".repeat(100_000), "{\"a\":".repeat(100_000), "- ".repeat(100_000))) {
            assertThat(read(deep)).singleElement().asString().matches("1:1 ! .*(?i:nest|depth).*");
        }
    }

    @Test
    void documentsAndObjectsAreBounded() throws IOException {
        assertThat(read("---\n".repeat(100_010) + "a: 1\n"))
                .containsExactly("100001:100001 ! more than 100000 documents: split the input");
        assertThat(results("apiVersion: v1\nkind: List\nitems:\n" + "- 1\n".repeat(ManifestResults.MOST + 10)))
                .hasSize(ManifestResults.MOST + 1)
                .last()
                .extracting(result -> ((Unreadable) result).message())
                .asString()
                .startsWith("more than 200000 objects");
    }

    @Test
    void readsDirectoriesInOrder() throws IOException {
        Files.createDirectories(directory.resolve("b/.hidden"));
        for (String name : List.of("c.yaml", "a.YML", "b/z.json", "b/.hidden/x.yaml", ".y.yaml", "notes.txt")) {
            Files.writeString(directory.resolve(name), pod("x"));
        }
        Files.createSymbolicLink(directory.resolve("b/loop"), directory);
        Files.createSymbolicLink(directory.resolve("d.yaml"), directory.resolve("gone"));
        assertThat(sources(directory.toString()))
                .containsExactly("a.YML:1", "b/z.json:1", "c.yaml:1", "d.yaml does not exist");
    }

    @Test
    void aDirectoryWithoutManifestsIsAnError() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "");
        assertThat(new ManifestFiles(PodTemplates.BUILT_IN, noInput()).read(List.of(directory.toString())))
                .singleElement()
                .extracting(result -> ((Unreadable) result).message())
                .isEqualTo("the directory holds no .yaml, .yml or .json file");
    }

    @Test
    void whatCannotBeOpenedIsAnErrorAndTheRestIsRead() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), pod("x"));
        List<ManifestResult> results = new ManifestFiles(PodTemplates.BUILT_IN, noInput())
                .read(List.of(
                        directory.resolve("missing.yaml").toString(),
                        "nul\u0000",
                        directory.resolve("a.yaml").toString()));
        assertThat(described(results)).containsExactly("0:0 ! does not exist", "0:0 ! not a path", "1:1 Pod x");
    }

    @Test
    void readsStandardInput() {
        List<ManifestResult> results = new ManifestFiles(
                        PodTemplates.BUILT_IN, new ByteArrayInputStream(pod("x").getBytes(UTF_8)))
                .read(List.of("-"));
        assertThat(results.get(0).location()).hasToString("stdin:1");
    }

    @Test
    void emptyStandardInputIsNoPass() {
        List<ManifestResult> results = new ManifestFiles(PodTemplates.BUILT_IN, noInput()).read(List.of("-"));
        assertThat(described(results)).containsExactly("0:0 ! holds no object: did the command before the pipe fail?");
    }

    private static InputStream noInput() {
        return InputStream.nullInputStream();
    }

    private static String pod(String name) {
        return POD.formatted(name);
    }

    private List<String> sources(String source) {
        List<String> sources = new ArrayList<>();
        for (ManifestResult result : new ManifestFiles(PodTemplates.BUILT_IN, noInput()).read(List.of(source))) {
            String place = result.location().toString().substring(source.length() + 1);
            sources.add(result instanceof Unreadable unreadable ? place + " " + unreadable.message() : place);
        }
        return sources;
    }

    private List<String> read(String text) throws IOException {
        return described(results(text));
    }

    private List<String> read(byte[] bytes) throws IOException {
        return described(results(bytes));
    }

    private List<ManifestResult> results(String text) throws IOException {
        return results(text.getBytes(UTF_8));
    }

    private List<ManifestResult> results(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("file.yaml"), bytes);
        return new ManifestFiles(PodTemplates.BUILT_IN, noInput()).read(List.of(file.toString()));
    }

    private static List<String> described(List<ManifestResult> results) {
        List<String> described = new ArrayList<>();
        for (ManifestResult result : results) {
            String place =
                    result.location().document() + ":" + result.location().line();
            if (result instanceof Found found) {
                Subject subject = found.subject();
                described.add(
                        place + " " + subject.kind() + " " + subject.meta().displayName());
            } else if (result instanceof Unreadable unreadable) {
                described.add(place + " ! " + unreadable.message());
            }
        }
        return described;
    }
}
