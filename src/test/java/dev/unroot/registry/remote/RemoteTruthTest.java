package dev.unroot.registry.remote;

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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What was measured on real runtimes, read back over HTTP. */
class RemoteTruthTest extends RegistryTestBase {

    @TestFactory
    Stream<DynamicTest> agreesWithTheRuntime() {
        TestRegistry registry = http();
        registry.images(RuntimeTruth.images(registry.host()));
        SourceImageUsers users = new SourceImageUsers(clientOf(registry), Limits.DEFAULT, Detail.USER_AND_GROUP);
        return RuntimeTruth.rows().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.toString(), () -> RuntimeTruth.check(row, find(users, row.reference(registry.host())))));
    }

    @Test
    void noRowIsMissing() {
        assertThat(RuntimeTruth.rows()).hasSize(55);
    }

    private static ImageFacts find(SourceImageUsers users, ImageReference reference) {
        ImageQuery query = new ImageQuery(reference, List.of(RuntimeTruth.PLATFORM), PullIdentity.NONE);
        return users.find(query, Deadline.in(GENEROUS)).toCompletableFuture().join();
    }
}
