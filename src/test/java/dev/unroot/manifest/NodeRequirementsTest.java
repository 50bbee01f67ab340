package dev.unroot.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.model.FieldPath;
import dev.unroot.model.Platform;
import dev.unroot.model.Pod;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pod's nodeSelector, required node affinity and os, read from its spec, choose platforms as the scheduler does. */
class NodeRequirementsTest {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .build();
    private static final List<Platform> CLUSTER =
            List.of(Platform.parse("linux/amd64"), Platform.parse("linux/arm64"), Platform.parse("windows/amd64"));
    private static final String ALL = "linux/amd64 linux/arm64 windows/amd64";

    @ParameterizedTest(name = "os {0}, nodeSelector os {1} arch {2}")
    @CsvSource({
        ", , , linux/amd64 linux/arm64 windows/amd64",
        ", linux, , linux/amd64 linux/arm64",
        "linux, , , linux/amd64 linux/arm64",
        ", , amd64, linux/amd64 windows/amd64",
        "linux, linux, arm64, linux/arm64",
        // What the cluster does not list but the pod names: there may be such nodes.
        "windows, , arm64, windows/arm64",
        ", , s390x, linux/s390x",
        // No node is both, so whatever becomes of the pod, nothing is left out.
        "windows, linux, , linux/amd64 linux/arm64 windows/amd64",
    })
    void aNodeSelectorChooses(String os, String nodeOs, String architecture, String expected) throws Exception {
        String selector = (nodeOs == null ? "" : "'kubernetes.io/os':'" + nodeOs + "',")
                + (architecture == null ? "" : "'kubernetes.io/arch':'" + architecture + "',")
                + "disktype:'ssd'";
        assertThat(platforms("{nodeSelector:{" + selector + "}" + (os == null ? "" : ",os:{name:'" + os + "'}") + "}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "In, 'amd64', linux/amd64 windows/amd64",
                "In, \"'arm64','amd64'\", linux/amd64 linux/arm64 windows/amd64",
                "In, \"'arm64','s390x'\", linux/arm64",
                "In, \"'ppc64le','s390x'\", linux/ppc64le linux/s390x",
                "NotIn, 'amd64', linux/arm64",
                // None of those that are listed: it may be any that it does not exclude.
                "NotIn, \"'amd64','arm64'\", linux/arm linux/ppc64le linux/riscv64 linux/s390x",
                "NotIn, \"'s390x'\", linux/amd64 linux/arm64 windows/amd64",
                // Whatever these say of such a label, a platform is never missed over them.
                "Exists, , linux/amd64 linux/arm64 windows/amd64",
                "DoesNotExist, , linux/amd64 linux/arm64 windows/amd64",
                "Gt, '5', linux/amd64 linux/arm64 windows/amd64",
                "Lt, '5', linux/amd64 linux/arm64 windows/amd64",
                "Near, 'amd64', linux/amd64 linux/arm64 windows/amd64",
                // Nothing is in an empty list, and what fits nowhere leaves nothing out.
                "In, , linux/amd64 linux/arm64 windows/amd64",
                // A name that no platform can have does not get into messages.
                "In, \"'amd64 or so','\u202e'\", linux/amd64 linux/arm64 windows/amd64",
            })
    void anExpressionChooses(String operator, String values, String expected) throws Exception {
        String written = values == null ? "" : values;
        for (String label : List.of("kubernetes.io/arch", "beta.kubernetes.io/arch")) {
            String expression = "{key:'%s',operator:'%s',values:[%s]}".formatted(label, operator, written);
            assertThat(platforms(affinity("{matchExpressions:[" + expression + "]}")))
                    .isEqualTo(expected);
        }
    }

    private static final String ARM = "{key:'kubernetes.io/arch',operator:'In',values:['arm64']}";
    private static final String NOT_ARM = "{key:'kubernetes.io/arch',operator:'NotIn',values:['arm64']}";
    private static final String WINDOWS = "{key:'kubernetes.io/os',operator:'In',values:['windows']}";
    private static final String ZONE = "{key:'topology.kubernetes.io/zone',operator:'In',values:['a']}";

    @Test
    void expressionsOfATermAllHold() throws Exception {
        assertThat(platforms(affinity("{matchExpressions:[" + NOT_ARM + "," + WINDOWS + "]}")))
                .isEqualTo("windows/amd64");
        assertThat(platforms(affinity("{matchExpressions:[" + ARM + "," + ZONE + "]}")))
                .isEqualTo("linux/arm64");
        assertThat(platforms(affinity("{matchExpressions:[" + ARM + "," + NOT_ARM + "]}")))
                .isEqualTo(ALL);
    }

    @Test
    void oneTermIsEnough() throws Exception {
        assertThat(platforms(affinity("{matchExpressions:[" + ARM + "]},{matchExpressions:[" + WINDOWS + "]}")))
                .isEqualTo("linux/arm64 windows/amd64");
        assertThat(platforms(affinity("{matchExpressions:[" + ARM + "]},{matchExpressions:[" + ZONE + "]}")))
                .isEqualTo(ALL);
    }

    @Test
    void aTermOfNodeNamesLeavesNothingOutAndAnEmptyOneMatchesNothing() throws Exception {
        String byName = "{matchFields:[{key:'metadata.name',operator:'In',values:['node-1']}]}";

        assertThat(platforms(affinity("{matchExpressions:[" + ARM + "]}," + byName)))
                .isEqualTo(ALL);
        assertThat(platforms(affinity("{matchExpressions:[" + ARM + "]},{},{matchExpressions:null},null")))
                .isEqualTo("linux/arm64");
        assertThat(platforms(affinity(""))).isEqualTo(ALL);
        assertThat(platforms(affinity("{}"))).isEqualTo(ALL);
    }

    @Test
    void selectorAndAffinityAndOsAllHold() throws Exception {
        String arm = affinity("{matchExpressions:[" + NOT_ARM + "]}");

        assertThat(platforms("{os:{name:'linux'}," + arm.substring(1))).isEqualTo("linux/amd64");
        assertThat(platforms("{nodeSelector:{'beta.kubernetes.io/os':'linux'}," + arm.substring(1)))
                .isEqualTo("linux/amd64");
        assertThat(platforms("{nodeSelector:{'kubernetes.io/arch':'arm64'}," + arm.substring(1)))
                .isEqualTo(ALL);
    }

    @Test
    void whatIsOnlyPreferredOrOfOtherKindsOfAffinityChoosesNothing() throws Exception {
        String preferred = "{preference:{matchExpressions:[" + ARM + "]},weight:1}";
        assertThat(platforms("{affinity:{nodeAffinity:{preferredDuringSchedulingIgnoredDuringExecution:[" + preferred
                        + "]},podAffinity:{requiredDuringSchedulingIgnoredDuringExecution:[{topologyKey:'x'}]}}}"))
                .isEqualTo(ALL);
        assertThat(platforms("{affinity:null}")).isEqualTo(ALL);
        assertThat(platforms("{affinity:{nodeAffinity:{requiredDuringSchedulingIgnoredDuringExecution:null}}}"))
                .isEqualTo(ALL);
    }

    @Test
    void affinityForWindowsAloneIsAPodForWindows() throws Exception {
        assertThat(read(affinity("{matchExpressions:[" + WINDOWS + "]}")).runsOnWindows())
                .isTrue();
        assertThat(read(affinity("{matchExpressions:[" + WINDOWS + "]},{matchExpressions:[" + ARM + "]}"))
                        .runsOnWindows())
                .isFalse();
        assertThat(read("{os:{name:'linux'},"
                                + affinity("{matchExpressions:[" + WINDOWS + "]}")
                                        .substring(1))
                        .runsOnWindows())
                .isFalse();
        assertThat(read(affinity("{matchExpressions:[]}")).runsOnWindows()).isFalse();
    }

    @Test
    void aFieldOfTheWrongTypeIsNamed() {
        assertThatThrownBy(() -> read(affinity("{matchExpressions:[{key:'kubernetes.io/arch',values:[7]}]}")))
                .isInstanceOf(ManifestException.class)
                .hasMessage("spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
                        + ".nodeSelectorTerms[0].matchExpressions[0].values[0] must be text, not 7");
    }

    @Test
    void manyNamesMakeNoManyPlatforms() throws Exception {
        String names = IntStream.range(0, 5_000).mapToObj(i -> "'a" + i + "'").collect(Collectors.joining(","));
        String expression = "{key:'kubernetes.io/%s',operator:'In',values:[" + names + "]}";
        String both = expression.formatted("os") + "," + expression.formatted("arch");

        assertThat(read(affinity("{matchExpressions:[" + both + "]}")).platforms(CLUSTER))
                .hasSize(64);
    }

    @Test
    void moreNamesThanClustersHaveNodesAreRefused() {
        String names = IntStream.range(0, 5_001).mapToObj(i -> "'a" + i + "'").collect(Collectors.joining(","));
        String expression = "{key:'kubernetes.io/arch',operator:'In',values:[" + names + "]}";

        assertThatThrownBy(() -> read(affinity("{matchExpressions:[" + expression + "," + expression + "]}")))
                .isInstanceOf(ManifestException.class)
                .hasMessage("spec.affinity has more than 10000 entries");
    }

    private static String affinity(String terms) {
        return "{affinity:{nodeAffinity:{requiredDuringSchedulingIgnoredDuringExecution:{nodeSelectorTerms:[" + terms
                + "]}}}}";
    }

    private static String platforms(String spec) throws Exception {
        return read(spec).platforms(CLUSTER).stream().map(Platform::toString).collect(Collectors.joining(" "));
    }

    private static Pod read(String spec) throws Exception {
        try (JsonParser parser = JSON.createParser(spec)) {
            parser.nextToken();
            return PodReader.read(parser, FieldPath.of("spec"));
        }
    }
}
