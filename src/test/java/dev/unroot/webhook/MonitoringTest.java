package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.UnknownCause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The chart's alerts and dashboard ask for metrics, and labels on them, that a running server has. */
class MonitoringTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Path.of("charts/unroot/monitoring");
    private static final Pattern METRIC = Pattern.compile("\\b((?:unroot|jvm|process|system)_\\w+)(?:\\{([^}]*)\\})?");
    private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=|!=|=~|!~)\\s*\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(unroot_\\w+)` \\| \\w+ \\|([^|]*)\\|");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");
    /** What Prometheus itself adds when it scrapes. */
    private static final Set<String> ADDED = Set.of("pod", "namespace", "job", "instance");

    private static TestWebhook webhook;
    private static final Map<String, Set<String>> THERE = new LinkedHashMap<>();

    @BeforeAll
    static void scrape() throws Exception {
        webhook = TestWebhook.start();
        webhook.post(Reviews.pod(Reviews.ROOT_CONTAINER).toString());
        webhook.metrics.reviewListener().imageAnswered(new ImageFacts.Unknown(UnknownCause.TIMEOUT, "late"));
        // Of what other parts of a server count; each table there is held to a scrape by a test of its own.
        Matcher row = ROW.matcher(Files.readString(Path.of("docs/metrics.md")));
        while (row.find()) {
            Set<String> labels = THERE.computeIfAbsent(row.group(1), fresh -> new TreeSet<>());
            NAME.matcher(row.group(2)).results().forEach(label -> labels.add(label.group(1)));
        }
        for (String line : webhook.get("/metrics").body().split("\n", -1)) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                String name = line.split("[{ ]", 2)[0];
                Set<String> labels = THERE.computeIfAbsent(name, fresh -> new TreeSet<>());
                LABEL.matcher(line).results().forEach(label -> labels.add(label.group(1)));
            }
        }
    }

    @AfterAll
    static void stop() {
        webhook.close();
    }

    @Test
    void alertsAskForWhatThereIs() throws Exception {
        JsonNode alerts = JSON.valueToTree(new Yaml().load(Files.readString(FOLDER.resolve("alerts.yaml"))));
        List<String> names = new ArrayList<>();
        for (JsonNode alert : alerts) {
            names.add(alert.path("alert").asText());
            check(alert.path("expr").asText());
            assertThat(alert.at("/annotations/summary").asText()).endsWith(".");
            assertThat(alert.at("/annotations/description").asText()).isNotBlank();
            assertThat(alert.at("/labels/severity").asText()).isIn("warning", "critical");
        }
        assertThat(names).hasSizeGreaterThan(3).doesNotHaveDuplicates();
    }

    @Test
    void dashboardAsksForWhatThereIs() throws Exception {
        JsonNode dashboard = JSON.readTree(FOLDER.resolve("dashboard.json").toFile());
        assertThat(dashboard.path("panels")).hasSizeGreaterThan(5);
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(panel.path("targets")).isNotEmpty();
            for (JsonNode target : panel.path("targets")) {
                check(target.path("expr").asText());
            }
        }
    }

    private static void check(String query) {
        Set<String> labels = new TreeSet<>();
        BY.matcher(query)
                .results()
                .forEach(by -> labels.addAll(List.of(by.group(1).split(", ?", -1))));
        Set<String> there = new TreeSet<>(ADDED);
        Set<String> metrics = new TreeSet<>();
        METRIC.matcher(query).results().forEach(metric -> {
            metrics.add(metric.group(1));
            there.addAll(THERE.getOrDefault(metric.group(1), Set.of()));
            if (metric.group(2) != null) {
                LABEL.matcher(metric.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
        });
        assertThat(metrics).as(query).isNotEmpty();
        assertThat(THERE.keySet()).as(query).containsAll(metrics);
        assertThat(there).as(query).containsAll(labels);
    }
}
