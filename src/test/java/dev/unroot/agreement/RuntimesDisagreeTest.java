package dev.unroot.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.Pod;
import dev.unroot.policy.Policy;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.registry.TestImage;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.platforms.ImageOnNodes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An index of which one family of runtimes takes a non-root image and another one a root image is denied. */
class RuntimesDisagreeTest {
    private static final String NAME = "registry.example/app:1";
    private static final String ZSTD = "io.github.containers.compression.zstd";

    private final TestImages images = new TestImages();

    /**
     * Of each pair the first entry has USER 1000, the second is root. A platform is {@code os architecture variant}; a
     * {@code +} before it annotates the entry as zstd, {@code *feature} behind it asks for one, {@code -} is none at all.
     */
    @ParameterizedTest
    @CsvSource({
        // containerd takes the first; containers/image prefers zstd, compares letter by letter, and so on.
        "linux/amd64, linux amd64, +linux amd64, CRI-O and podman",
        "linux/amd64, linux amd64 v1, linux amd64, CRI-O and podman",
        "linux/amd64, Linux x86_64, linux amd64, CRI-O and podman",
        "linux/amd64, '\"\" amd64', linux amd64, CRI-O and podman",
        "linux/amd64, linux AMD64, -, CRI-O and podman",
        "linux/amd64, linux 386, -, CRI-O and podman",
        "linux/arm64, linux aarch64, linux arm64, CRI-O and podman",
        "linux/arm64, linux arm64, linux arm64 v8, CRI-O and podman",
        "linux/arm, linux armhf, linux arm v7, CRI-O and podman",
        "linux/arm, linux arm v7, linux arm v6, either",
        // The other way around.
        "linux/amd64, linux amd64, linux amd64 v1, none",
        "linux/amd64, +linux amd64, linux amd64, none",
        "linux/amd64, linux amd64 v3, linux amd64 v1, all",
        "linux/amd64, -, linux AMD64, containerd",
        // containerd against itself.
        "linux/amd64, linux amd64 *erofs, linux amd64, containerd from 2.3 on",
        "linux/arm64, linux arm64 v8.0, linux arm v8, containerd 1",
        // Neither looks at what an amd64 processor can do, whatever the configuration calls it.
        "linux/amd64/v3, linux amd64 v3, linux amd64, either"
    })
    void theMoreDangerousOneCounts(String node, String nonRoot, String root, String runtimes) throws Exception {
        images.addIndex(NAME, List.of(entry(new TestImage().user("1000"), nonRoot), entry(new TestImage(), root)));

        List<Finding> findings = judge(node);

        if (runtimes.equals("none")) {
            assertThat(findings).extracting(Finding::kind).containsExactly(FindingKind.ADVICE);
            return;
        }
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).kind()).isEqualTo(FindingKind.VIOLATION);
        String where =
                switch (runtimes) {
                    case "all" -> "";
                    case "either" -> " on " + node;
                    default -> " on " + node + " under " + runtimes;
                };
        assertThat(findings.get(0).clause()).startsWith("runs as root" + where + ": image ");
    }

    @Test
    void theMessageSaysWhichRuntimeTakesWhich() throws Exception {
        images.addIndex(
                NAME,
                List.of(entry(new TestImage().user("1000"), "linux amd64 v1"), entry(new TestImage(), "linux amd64")));

        assertThat(judge("linux/amd64").get(0).message())
                .isEqualTo("container \"app\" runs as root on linux/amd64 under CRI-O and podman: image "
                        + "registry.example/app:1 sets no USER (under containerd it is another image of its index, which "
                        + "has USER \"1000\"). Rebuild it with a numeric USER, or set securityContext.runAsUser to a uid "
                        + "it works with.");
    }

    /** Two compressions of one image: nothing differs that matters, so nothing is said. */
    @Test
    void differentImagesOfOneUserAreOne() throws Exception {
        images.addIndex(
                NAME,
                List.of(
                        entry(new TestImage().user("1000").passwd("a:x:1:1\n"), "linux amd64"),
                        entry(new TestImage().user("1000"), "+linux amd64")));

        assertThat(judge("linux/amd64"))
                .extracting(Finding::clause)
                .containsExactly("runs as uid 1000 only because image registry.example/app:1 says so");
    }

    @Test
    void aNameThatCannotStartBesideOneThatDoesIsToldAndAllowed() throws Exception {
        images.addIndex(
                NAME,
                List.of(
                        entry(new TestImage().user("1000"), "linux amd64"),
                        entry(new TestImage().user("ghost").passwd("a:x:1:1\n"), "+linux amd64")));

        assertThat(judge("linux/amd64")).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(FindingKind.WILL_NOT_START);
            assertThat(finding.clause()).startsWith("will not start on linux/amd64 under CRI-O and podman: ");
        });
    }

    private ObjectNode entry(TestImage image, String platform) {
        boolean zstd = platform.startsWith("+");
        String[] parts =
                (zstd ? platform.substring(1) : platform).replace("\"\"", "").split(" ", -1);
        ObjectNode entry = images.entry(image);
        if (!platform.equals("-")) {
            ObjectNode declared =
                    entry.putObject("platform").put("os", parts[0]).put("architecture", parts[1]);
            if (parts.length > 2) {
                if (parts[2].startsWith("*")) {
                    declared.putArray("os.features").add(parts[2].substring(1));
                } else {
                    declared.put("variant", parts[2]);
                }
            }
        }
        if (zstd) {
            entry.putObject("annotations").put(ZSTD, "true");
        }
        return entry;
    }

    private List<Finding> judge(String node) throws Exception {
        ObjectNode pod = new ObjectMapper().createObjectNode();
        pod.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "app")
                .put("image", NAME);
        Pod read = Pods.read(pod);
        ImageFacts facts = ImageOnNodes.read(images, NAME, List.of(Platform.parse(node)));
        return Policy.judge(Level.NONROOT, read, container -> facts, PolicyOptions.DEFAULT, true);
    }
}
