package dev.unroot.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.model.Container;
import dev.unroot.model.EffectiveContext;
import dev.unroot.model.Pod;
import dev.unroot.model.Setting;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A container's field wins where it is set, field by field, and each value knows the field that decided it. */
class EffectiveContextsTest {
    private static final JsonFactory JSON = new JsonFactory();

    /** A merged field: its path, how to write it, and how to read what is in force. */
    static Stream<Arguments> fields() {
        return Stream.of(
                field("runAsNonRoot", "{\"runAsNonRoot\":%s}", EffectiveContext::runAsNonRoot, true, false),
                field("runAsUser", "{\"runAsUser\":%s}", EffectiveContext::runAsUser, 0L, 1000L),
                field(
                        "windowsOptions.runAsUserName",
                        "{\"windowsOptions\":{\"runAsUserName\":%s}}",
                        EffectiveContext::windowsUserName,
                        "ContainerUser",
                        "app"),
                field(
                        "windowsOptions.hostProcess",
                        "{\"windowsOptions\":{\"hostProcess\":%s}}",
                        EffectiveContext::hostProcess,
                        true,
                        false));
    }

    private static Arguments field(
            String path, String template, Function<EffectiveContext, Setting<?>> get, Object one, Object other) {
        return Arguments.of(path, template, get, one, other);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void theContainersFieldWins(
            String path, String template, Function<EffectiveContext, Setting<?>> get, Object one, Object other)
            throws Exception {
        String pod = "spec.securityContext." + path;
        String own = "spec.containers[0].securityContext." + path;

        assertThat(get.apply(merge("null", "null"))).isNull();
        assertThat(get.apply(merge("{}", "{}"))).isNull();
        assertThat(get.apply(merge(template.formatted("null"), template.formatted("null"))))
                .isNull();
        assertIs(get.apply(merge(template.formatted(json(one)), "null")), one, pod);
        assertIs(get.apply(merge(template.formatted(json(one)), "{}")), one, pod);
        assertIs(get.apply(merge(template.formatted(json(one)), template.formatted("null"))), one, pod);
        assertIs(get.apply(merge("{}", template.formatted(json(other)))), other, own);
        assertIs(get.apply(merge(template.formatted(json(one)), template.formatted(json(other)))), other, own);
        assertIs(get.apply(merge(template.formatted(json(other)), template.formatted(json(one)))), one, own);
    }

    @Test
    void fieldsAreMergedOneByOne() throws Exception {
        EffectiveContext merged = merge(
                "{\"runAsNonRoot\":true,\"runAsUser\":1,\"windowsOptions\":{\"runAsUserName\":\"a\",\"hostProcess\":true}}",
                "{\"runAsUser\":2,\"windowsOptions\":{\"hostProcess\":false}}");

        assertIs(merged.runAsNonRoot(), true, "spec.securityContext.runAsNonRoot");
        assertIs(merged.runAsUser(), 2L, "spec.containers[0].securityContext.runAsUser");
        assertIs(merged.windowsUserName(), "a", "spec.securityContext.windowsOptions.runAsUserName");
        assertIs(merged.hostProcess(), false, "spec.containers[0].securityContext.windowsOptions.hostProcess");
    }

    @Test
    void aContainersOwnFieldsAreNotThePods() throws Exception {
        String all = "{\"privileged\":true,\"allowPrivilegeEscalation\":false,\"capabilities\":{\"drop\":[\"ALL\"]}}";
        Container container = read("Pod", "{\"spec\":{\"securityContext\":" + all + ",\"containers\":[{}]}}")
                .containers()
                .get(0);

        assertThat(container.written().privileged()).isNull();
        assertThat(container.written().allowPrivilegeEscalation()).isNull();
        assertThat(container.written().capabilities()).isNull();
    }

    /** The pod's securityContext may come after the containers, and a template's path is longer. */
    @Test
    void everyTypeOfContainerInheritsInATemplate() throws Exception {
        Pod pod = read(
                "CronJob",
                "{\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"ephemeralContainers\":[{}],"
                        + "\"initContainers\":[{},{\"restartPolicy\":\"Always\"}],\"containers\":[{}],"
                        + "\"securityContext\":{\"runAsUser\":5}}}}}}}");

        assertThat(pod.containers())
                .extracting(container -> container.type() + " " + container.path())
                .containsExactly(
                        "INIT spec.jobTemplate.spec.template.spec.initContainers[0]",
                        "SIDECAR spec.jobTemplate.spec.template.spec.initContainers[1]",
                        "APP spec.jobTemplate.spec.template.spec.containers[0]",
                        "EPHEMERAL spec.jobTemplate.spec.template.spec.ephemeralContainers[0]");
        assertThat(pod.containers())
                .allSatisfy(container -> assertIs(
                        container.effective().runAsUser(),
                        5L,
                        "spec.jobTemplate.spec.template.spec.securityContext.runAsUser"));
    }

    private static void assertIs(Setting<?> setting, Object value, String path) {
        assertThat(setting).isNotNull();
        assertThat(setting.value()).isEqualTo(value);
        assertThat(setting.path()).hasToString(path);
    }

    private static String json(Object value) {
        return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    }

    private static EffectiveContext merge(String pod, String container) throws Exception {
        String object =
                "{\"spec\":{\"containers\":[{\"securityContext\":" + container + "}],\"securityContext\":" + pod + "}}";
        return read("Pod", object).containers().get(0).effective();
    }

    private static Pod read(String kind, String object) throws Exception {
        try (JsonParser parser = JSON.createParser(object)) {
            parser.nextToken();
            TypeMeta type = new TypeMeta(kind.equals("Pod") ? "v1" : "batch/v1", kind);
            return new SubjectReader(PodTemplates.BUILT_IN).read(parser, type).pod();
        }
    }
}
