package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** Whoever builds with the Dockerfile gets what {@code mvn jib:build} makes: the image that is tested. */
class DockerfileTest {
    private static final String JIB =
            "/project/build/plugins/plugin[artifactId='jib-maven-plugin']/configuration/container/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String text;
    private final Document pom;

    DockerfileTest() throws Exception {
        text = Files.readString(Path.of("Dockerfile")).replace("\\\n", "");
        pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File("pom.xml"));
    }

    private List<String> jib(String path) throws Exception {
        NodeList found =
                (NodeList) XPathFactory.newInstance().newXPath().evaluate(JIB + path, pom, XPathConstants.NODESET);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> found.item(i).getTextContent().strip())
                .toList();
    }

    /** The arguments of every such instruction of the last stage. */
    private List<String> instructions(String name) {
        String last = text.substring(text.lastIndexOf("\nFROM "));
        Matcher line = Pattern.compile("(?m)^" + name + " +(.*)$").matcher(last);
        return line.results().map(found -> found.group(1).strip()).toList();
    }

    /** A number: the kubelet refuses a name where runAsNonRoot is set. */
    @Test
    void runsAsTheSameNumber() throws Exception {
        assertThat(instructions("USER")).containsExactly("65532:65532").isEqualTo(jib("user"));
    }

    @Test
    void startsInTheSameWay() throws Exception {
        List<String> expected = new ArrayList<>(List.of("java"));
        expected.addAll(jib("jvmFlags/jvmFlag"));
        expected.addAll(List.of("-jar", "/app/unroot.jar"));
        assertThat(instructions("ENTRYPOINT"))
                .singleElement()
                .satisfies(arguments ->
                        assertThat(JSON.readValue(arguments, String[].class)).containsExactlyElementsOf(expected));
        assertThat(instructions("EXPOSE")).containsExactly(String.join(" ", jib("ports/port")));
    }

    /** The jar looks for its libraries beside itself. */
    @Test
    void holdsTheJarItsLibrariesAndTheListOfThem() {
        assertThat(instructions("COPY"))
                .containsExactlyInAnyOrder(
                        "--from=build /build/target/lib /app/lib",
                        "--from=build /build/target/sbom /app/sbom",
                        "--from=build /build/target/unroot.jar /app/unroot.jar");
    }

    /** The version is left out: here it is whatever is built. */
    @Test
    void saysWhatItIs() throws Exception {
        for (String label : List.of("title", "licenses")) {
            String name = "org.opencontainers.image." + label;
            assertThat(instructions("LABEL"))
                    .singleElement()
                    .asString()
                    .contains(name + "=\""
                            + jib("labels/*[name()='" + name + "']").get(0) + "\"");
        }
    }

    /** Whatever the build needs is copied into it. */
    @Test
    void buildsFromWhatIsThere() {
        Matcher copy = Pattern.compile("(?m)^COPY ((?!--from).*) \\S+$").matcher(text);
        List<String> sources = copy.results()
                .flatMap(found -> List.of(found.group(1).split(" ")).stream())
                .toList();
        assertThat(sources)
                .contains("pom.xml", "src/main")
                .allSatisfy(source -> assertThat(Path.of(source)).exists());
    }
}
