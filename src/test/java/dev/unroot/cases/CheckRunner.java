package dev.unroot.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.TestCommandLine;
import dev.unroot.command.CheckOptions;
import dev.unroot.command.ClusterTasks;
import dev.unroot.command.ImageInspector;
import dev.unroot.command.ServeOptions;
import dev.unroot.command.Services;
import dev.unroot.command.SubjectJudge;
import dev.unroot.command.UsageException;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Level;
import dev.unroot.model.Pod;
import dev.unroot.review.Judge;
import dev.unroot.review.ReviewListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code check -f} on the manifest as written, with real images in a layout. Only where a case's image fails as no layout
 * can make it fail do the case's words stand in for a registry.
 */
final class CheckRunner implements CaseRunner {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    CheckRunner(Path folder) {
        this.folder = folder;
    }

    @Override
    public Outcome run(CaseFile file) throws Exception {
        CaseLayout layout = new CaseLayout(file);
        Path manifest = Files.writeString(folder.resolve("manifest.yaml"), layout.real(file.manifest()));
        Path config = folder.resolve("unroot.yaml");
        JSON.writeValue(config.toFile(), file.options().configuration());
        List<String> arguments = new ArrayList<>(List.of(
                "check", "-f", manifest.toString(), "--level", file.level().label(), "--output", "json"));
        Services services = TestCommandLine.services();
        if (file.hasUnreadableImages()) {
            services = new CaseServices(file);
        } else {
            arguments.addAll(List.of("--config", config.toString()));
            arguments.addAll(
                    List.of("--images", layout.write(folder.resolve("images")).toString()));
        }
        TestCommandLine.Result result = TestCommandLine.run(services, arguments.toArray(String[]::new));
        JsonNode report = JSON.readTree(result.out());
        if (report.path("notJudged").size() == 1 && !file.manifest().contains("image:")) {
            // What the webhook allows, since an API server refuses it in the end, is named to a person instead.
            return new Outcome(result.exit() == 0, List.of());
        }
        JsonNode subjects = report.get("subjects");
        if (subjects == null || subjects.size() != 1) {
            throw new AssertionError(result.toString());
        }
        boolean allowed = subjects.get(0).get("allowed").asBoolean();
        if (result.exit() != (allowed ? 0 : 1)) {
            throw new AssertionError("exit status " + result.exit() + " for allowed: " + allowed);
        }
        List<ExpectedFinding> findings = new ArrayList<>();
        subjects.get(0).get("findings").forEach(finding -> findings.add(read(finding)));
        return new Outcome(allowed, findings);
    }

    private static ExpectedFinding read(JsonNode finding) {
        return new ExpectedFinding(
                finding.get("check").asText(),
                finding.get("kind").asText(),
                finding.path("container").asText(null),
                finding.get("path").asText(),
                finding.get("message").asText(),
                finding.get("fix").asText().replaceAll("\\.$", ""));
    }

    private record CaseServices(CaseFile file) implements Services {
        @Override
        public SubjectJudge judging(CheckOptions options) {
            Judge judge = new Judge(file.options().judgeSettings(), new CaseImages(file.images()), ReviewListener.NONE);
            return new CaseJudging(judge);
        }

        @Override
        public ImageInspector images(@Nullable Path layout) throws UsageException {
            throw new UsageException("a case asks for no image report");
        }

        @Override
        public int serve(ServeOptions options) throws UsageException {
            throw new UsageException("a case starts no server this way");
        }

        @Override
        public ClusterTasks cluster() throws UsageException {
            throw new UsageException("a case has no cluster");
        }
    }

    private record CaseJudging(Judge judge) implements SubjectJudge {
        @Override
        public PodTemplates templates() {
            return PodTemplates.BUILT_IN;
        }

        @Override
        public Level level(@Nullable String namespace, Map<String, String> labels) {
            throw new AssertionError("the command line names the level");
        }

        @Override
        public @Nullable String exemption(@Nullable String namespace, Pod pod) {
            return null;
        }

        @Override
        public Duration timeLimit() {
            return Duration.ofSeconds(10);
        }

        @Override
        public void close() {}
    }
}
