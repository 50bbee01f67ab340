package dev.unroot.registry.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.fuzz.Fuzz;
import dev.unroot.registry.documents.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tables of contents: read, or an error; and never more certain of passwd than the digest it holds. */
class TocFuzzTest {
    private static final String DIGEST = Digest.of(new byte[] {1}).toString();
    static final List<String> SEEDS = List.of("{\"version\":1,\"entries\":[{\"name\":\"etc/\",\"type\":\"dir\"},"
            + "{\"name\":\"etc/passwd\",\"type\":\"reg\",\"size\":1,\"digest\":\"" + DIGEST + "\",\"chunkDigest\":\""
            + DIGEST + "\",\"xattrs\":{\"user.x\":\"\"}},{\"name\":\"a\",\"type\":\"symlink\",\"linkName\":\"b\"}]}");
    private static final List<String> WORDS = List.of(
            "{\"name\":\"etc/passwd\",\"type\":\"reg\"},",
            "\"size\":0,",
            "\"Digest\":\"\",",
            "\"type\":\"chunk\",",
            "null",
            "},{",
            "[",
            "]",
            "}",
            "\"entries\":[",
            "\"chunkOffset\":9,",
            ".wh.");

    @Test
    void anyTableIsReadOrRefused() {
        Fuzz.mutate(
                10_000,
                SEEDS.stream()
                        .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                WORDS,
                TocFuzzTest::read);
    }

    static void read(byte[] json) {
        LayerScan scan = new LayerScan(100, 100);
        try {
            TocReader.read(new ByteArrayInputStream(json), scan);
        } catch (IOException refused) {
            return;
        }
        LayerFindings findings = scan.findings(Set.of());
        if (findings.passwd() != null && findings.ambiguity() == null) {
            String text = new String(json, StandardCharsets.UTF_8);
            String digest = new String(findings.passwd(), StandardCharsets.US_ASCII);
            // What is no digest agrees with no passwd.
            assertThat(!Digest.isDigest(digest)
                            || text.contains("\\")
                            || text.contains(digest)
                            || digest.equals(Digest.of(new byte[0]).toString()))
                    .isTrue();
        }
    }
}
