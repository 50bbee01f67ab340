package dev.unroot.cases;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.common.Deadline;
import dev.unroot.manifest.ManifestException;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.SubjectReader;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Finding;
import dev.unroot.model.Subject;
import dev.unroot.review.Judge;
import dev.unroot.review.JudgedPod;
import dev.unroot.review.ReviewListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Reads the manifest and judges it, with the case's images in place of a registry. */
final class PureRunner implements CaseRunner {
    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public Outcome run(CaseFile file) throws Exception {
        Subject subject = subject(file);
        CaseImages images = new CaseImages(file.images());
        JudgedPod judged = new Judge(file.options().judgeSettings(), images, ReviewListener.NONE)
                .judge(
                        Objects.requireNonNull(subject.pod(), "the manifest makes no pod"),
                        subject.meta().namespace(),
                        Set.of(file.level()),
                        container -> false,
                        Deadline.in(Duration.ofSeconds(10)))
                .toCompletableFuture()
                .join();
        if (!images.unused().isEmpty()) {
            throw new AssertionError("the case lists images that were not asked for: " + images.unused());
        }
        List<Finding> findings = judged.findings(file.level());
        return new Outcome(
                findings.stream().noneMatch(judged::denies),
                findings.stream().map(PureRunner::told).toList());
    }

    private static ExpectedFinding told(Finding finding) {
        return new ExpectedFinding(
                finding.check(),
                finding.kind().label(),
                finding.container() == null ? null : finding.container().name(),
                finding.path().toString(),
                finding.message(),
                finding.fix());
    }

    private static Subject subject(CaseFile file) throws IOException, ManifestException {
        var tree = file.manifestTree();
        TypeMeta type = new TypeMeta((String) tree.get("apiVersion"), (String) tree.get("kind"));
        try (JsonParser parser = JSON.createParser(file.manifestJson())) {
            parser.nextToken();
            return new SubjectReader(PodTemplates.BUILT_IN).read(parser, type);
        }
    }
}
