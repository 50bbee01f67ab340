package dev.unroot.registry.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.RuntimeTruth;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.SourceImageUsers;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What was measured on real runtimes, read back out of an OCI layout. */
class RuntimeTruthTest {
    private static final String REGISTRY = "registry.example";

    @TempDir
    static Path directory;

    private static SourceImageUsers users;

    @BeforeAll
    static void writeLayout() throws Exception {
        OciLayout layout = OciLayout.open(RuntimeTruth.images(REGISTRY).writeLayout(directory), Limits.DEFAULT);
        users = new SourceImageUsers(layout, Limits.DEFAULT, Detail.USER_AND_GROUP);
    }

    @TestFactory
    Stream<DynamicTest> agreesWithTheRuntime() {
        return RuntimeTruth.rows().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.toString(), () -> RuntimeTruth.check(row, find(row.reference(REGISTRY)))));
    }

    @Test
    void noRowIsMissing() {
        assertThat(RuntimeTruth.rows()).hasSize(55);
    }

    private static ImageFacts find(ImageReference reference) {
        ImageQuery query = new ImageQuery(reference, List.of(RuntimeTruth.PLATFORM), PullIdentity.NONE);
        return users.find(query, Deadline.in(Duration.ofSeconds(10)))
                .toCompletableFuture()
                .join();
    }
}
