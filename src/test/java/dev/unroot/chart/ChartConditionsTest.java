package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.SubjectReader;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Pod;
import dev.unroot.model.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * Which updates API servers do not send. The expressions themselves are tried by a real one, end to end; here, that what
 * they leave out is nothing that the code reads.
 */
class ChartConditionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PASSIVE = Pattern.compile("!\\(field in (\\[[^\\]]*\\])\\)");

    @Test
    void podsAreSentWhereSomethingChangesThatMayBeJudged() {
        for (JsonNode webhook : webhooks(Chart.render(""), "pods.")) {
            assertThat(webhook.path("matchConditions")).hasSize(2);
            assertThat(webhook.at("/matchConditions/0/expression").asText())
                    .isEqualTo("request.operation != \"UPDATE\" || !has(object.metadata.deletionTimestamp)");
            assertThat(webhook.at("/matchConditions/1/expression").asText())
                    .startsWith("request.operation != \"UPDATE\" || object.spec.exists(");
        }
    }

    /** One that the reader reads in the end must be sent. */
    @Test
    void noFieldOfASpecThatIsReadIsLeftOut() throws Exception {
        for (JsonNode webhook : webhooks(Chart.render(""), "pods.")) {
            List<String> passive =
                    passiveFields(webhook.at("/matchConditions/1/expression").asText());
            assertThat(passive)
                    .containsExactly(
                            "activeDeadlineSeconds", "schedulingGates", "terminationGracePeriodSeconds", "tolerations");
            for (String field : passive) {
                Pod without = pod("");
                for (String value : List.of("1", "[]", "[{name: a, key: b, operator: Exists}]", "{a: b}")) {
                    assertThat(pod(field + ": " + value)).as(field).isEqualTo(without);
                }
            }
        }
    }

    @Test
    void controllersAreAllSentWhereNoneIsDenied() {
        assertThat(webhooks(Chart.render(""), "controllers."))
                .hasSize(2)
                .noneMatch(webhook -> webhook.has("matchConditions"));
    }

    /** Where they may be denied, what is left of them goes to a webhook that holds nothing up. */
    @Test
    void everyControllerIsSentToOneOfTwoWhereTheyMayBeDenied() {
        Rendered rendered = Chart.render("config: {workloads: {enforce: true}}\n");
        JsonNode denying = webhooks(rendered, "controllers.enforce.").get(0);
        JsonNode telling = webhooks(rendered, "controllers.unchanged.").get(0);

        assertThat(denying.path("failurePolicy").asText()).isEqualTo("Fail");
        assertThat(telling.path("failurePolicy").asText()).isEqualTo("Ignore");
        assertThat(denying.path("matchConditions")).hasSize(1);
        assertThat(telling.path("matchConditions")).hasSize(1);
        assertThat(telling.at("/matchConditions/0/expression").asText())
                .isEqualTo("!( " + denying.at("/matchConditions/0/expression").asText() + " )");
        for (String same : List.of("rules", "namespaceSelector", "clientConfig", "matchPolicy", "timeoutSeconds")) {
            assertThat(telling.path(same)).as(same).isEqualTo(denying.path(same));
        }
    }

    /** The path that an expression compares is the one that is judged. */
    @Test
    void whatIsComparedOfAControllerIsItsTemplate() {
        String expression = webhooks(Chart.render("config: {workloads: {enforce: true}}\n"), "controllers.enforce.")
                .get(0)
                .at("/matchConditions/0/expression")
                .asText();
        for (String kind : List.of(
                "v1 ReplicationController",
                "apps/v1 DaemonSet",
                "apps/v1 Deployment",
                "apps/v1 ReplicaSet",
                "apps/v1 StatefulSet",
                "batch/v1 Job")) {
            String[] parts = kind.split(" ");
            String group = parts[0].contains("/") ? parts[0].substring(0, parts[0].indexOf('/')) : "";
            assertThat(expression).contains("\"" + group + "/" + parts[1] + "\"");
            assertThat(path(parts[0], parts[1])).isEqualTo("spec.template.spec");
        }
        assertThat(path("batch/v1", "CronJob")).startsWith("spec.jobTemplate.");
    }

    private static String path(String apiVersion, String kind) {
        try (JsonParser parser = JSON.createParser("{}")) {
            parser.nextToken();
            Subject read = new SubjectReader(PodTemplates.BUILT_IN).read(parser, new TypeMeta(apiVersion, kind));
            return Objects.requireNonNull(read.pod()).path().toString();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Pod pod(String field) throws Exception {
        String yaml = "{metadata: {name: a}, spec: {containers: [{name: app, image: 'a:1'}]"
                + (field.isEmpty() ? "" : ", " + field) + "}}";
        Object tree = new Yaml().load(yaml);
        try (JsonParser parser = JSON.createParser(JSON.writeValueAsBytes(tree))) {
            parser.nextToken();
            Subject read = new SubjectReader(PodTemplates.BUILT_IN).read(parser, new TypeMeta("v1", "Pod"));
            return Objects.requireNonNull(read.pod());
        }
    }

    private static List<String> passiveFields(String expression) throws Exception {
        Matcher lists = PASSIVE.matcher(expression);
        List<String> all = new ArrayList<>();
        while (lists.find()) {
            all.add(lists.group(1));
        }
        assertThat(all).hasSize(2);
        assertThat(all.get(0)).isEqualTo(all.get(1));
        return Rendered.texts(JSON.readTree(all.get(0)));
    }

    private static List<JsonNode> webhooks(Rendered rendered, String prefix) {
        List<JsonNode> found = rendered.webhooks().stream()
                .filter(webhook -> webhook.path("name").asText().startsWith(prefix))
                .toList();
        assertThat(found).isNotEmpty();
        return found;
    }
}
