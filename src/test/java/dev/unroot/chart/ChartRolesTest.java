package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Unroot's rights: what docs/cluster-access.md says it uses, and no more. */
class ChartRolesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| ([^|]+) \\| ([^|]+) \\|");

    /** The page says where each right is needed: in the cluster, in namespaces for pull secrets, or on named objects. */
    @Test
    void areWhatThePageSays() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("docs/cluster-access.md")));
        while (row.find()) {
            Set<String> verbs = documented.computeIfAbsent(row.group(1), fresh -> new TreeSet<>());
            Pattern.compile("`(\\w+)`").matcher(row.group(2)).results().forEach(verb -> verbs.add(verb.group(1)));
        }
        Rendered rendered = Chart.render("pullSecrets: cluster\n");
        Map<String, Set<String>> granted = new TreeMap<>();
        for (JsonNode role : rendered.all("ClusterRole")) {
            add(role, granted);
        }
        for (JsonNode role : rendered.all("Role")) {
            add(role, granted);
        }
        assertThat(granted).isNotEmpty().isEqualTo(documented);
    }

    private static void add(JsonNode role, Map<String, Set<String>> granted) {
        for (JsonNode rule : role.path("rules")) {
            for (String resource : Rendered.texts(rule.path("resources"))) {
                granted.computeIfAbsent(resource, fresh -> new TreeSet<>()).addAll(Rendered.texts(rule.path("verbs")));
            }
        }
    }

    /** What SelfManagedCertificate and LeaderElection ask for, each by its name. */
    @Test
    void theCertificateIsLookedAfterByName() {
        assertThat(named(Chart.render("")))
                .containsExactly(
                        "leases [unroot] [get, update]",
                        "secrets [unroot-certificate] [get, update]",
                        "validatingwebhookconfigurations [unroot] [get, patch]");
        assertThat(named(Chart.render("certificates: {source: cert-manager}\n")))
                .containsExactly("validatingwebhookconfigurations [unroot] [get]");
        assertThat(Chart.render("").all("Lease")).hasSize(1);
        assertThat(Chart.render("").configuration()).contains("leaseName: unroot");
    }

    private static Set<String> named(Rendered rendered) {
        Set<String> named = new TreeSet<>();
        for (String kind : Set.of("Role", "ClusterRole")) {
            for (JsonNode role : rendered.all(kind)) {
                for (JsonNode rule : role.path("rules")) {
                    if (rule.has("resourceNames")) {
                        named.add(String.join(",", Rendered.texts(rule.path("resources"))) + " "
                                + Rendered.texts(rule.path("resourceNames")) + " "
                                + Rendered.texts(rule.path("verbs")));
                    }
                }
            }
        }
        return named;
    }

    @Test
    void secretsAreReadByNameOnly() {
        for (String pullSecrets : Set.of("\"off\"", "cluster", "{namespaces: [shop]}")) {
            Rendered rendered = Chart.render("pullSecrets: " + pullSecrets + "\n");
            for (String kind : Set.of("Role", "ClusterRole")) {
                for (JsonNode role : rendered.all(kind)) {
                    for (JsonNode rule : role.path("rules")) {
                        assertThat(Rendered.texts(rule.path("verbs"))).doesNotContain("*");
                        assertThat(Rendered.texts(rule.path("resources"))).doesNotContain("*");
                        if (Rendered.texts(rule.path("resources")).contains("secrets")) {
                            assertThat(Rendered.texts(rule.path("verbs"))).doesNotContain("list", "watch", "delete");
                        }
                    }
                }
            }
        }
    }

    @Test
    void pullSecretsAreReadWhereTheValueSays() {
        assertThat(Chart.render("").all("ClusterRole")).hasSize(1);
        assertThat(Chart.render("pullSecrets: false\n").all("ClusterRole")).hasSize(1);
        assertThat(Chart.render("pullSecrets: cluster\n").all("ClusterRole")).hasSize(2);

        Rendered rendered = Chart.render("pullSecrets: {namespaces: [shop, blog]}\n");
        assertThat(rendered.all("ClusterRole")).hasSize(1);
        assertThat(rendered.all("Role"))
                .extracting(role -> role.at("/metadata/namespace").asText())
                .contains("shop", "blog");
        assertThat(rendered.configuration()).contains("pullSecrets:\n    namespaces:\n    - shop\n    - blog");
    }

    /** Every role is bound, and to nobody but Unroot. */
    @Test
    void everyRoleIsBoundToUnroot() {
        Rendered rendered = Chart.render("pullSecrets: {namespaces: [shop]}\n");
        for (String scope : Set.of("", "Cluster")) {
            for (JsonNode role : rendered.all(scope + "Role")) {
                assertThat(rendered.all(scope + "RoleBinding"))
                        .filteredOn(binding -> binding.at("/roleRef/name").equals(role.at("/metadata/name"))
                                && binding.at("/metadata/namespace").equals(role.at("/metadata/namespace")))
                        .singleElement()
                        .satisfies(
                                binding -> assertThat(binding.path("subjects").toString())
                                        .isEqualTo("[{\"kind\":\"ServiceAccount\",\"name\":\"unroot\","
                                                + "\"namespace\":\"unroot\"}]"));
            }
        }
    }
}
