package dev.unroot.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Level;
import dev.unroot.model.UnknownCause;
import dev.unroot.policy.Policy;
import dev.unroot.policy.PolicyOptions;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * {@code explicit} gives, check by check, the verdict of the Pod Security Standard "restricted", as
 * {@code src/test/resources/psa/README.md} tells.
 */
class PodSecurityAgreementTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CORPUS =
            Path.of(System.getProperty("psa.corpus", "src/test/resources/psa/restricted-latest.jsonl"));
    private static final ImageFacts OFFLINE = new ImageFacts.Unknown(UnknownCause.OFFLINE, "nothing was looked up");

    @Test
    void explicitAgreesOnEveryPod() throws Exception {
        List<String> disagreements = new ArrayList<>();
        int pods = 0;
        Set<String> refusing = new TreeSet<>();
        try (BufferedReader lines = Files.newBufferedReader(CORPUS)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode row = JSON.readTree(line);
                Set<String> theirs = deniedByPodSecurity(row);
                Set<String> ours = deniedByUnroot(row.get("pod"));
                refusing.addAll(theirs);
                theirs.addAll(deniedOnPurpose(row.get("pod").get("spec"), ours));
                if (!ours.equals(theirs)) {
                    disagreements.add("ours " + ours + ", theirs " + theirs + ": " + line);
                }
                pods++;
            }
        }

        assertThat(disagreements).isEmpty();
        assertThat(pods).isGreaterThanOrEqualTo(400);
        assertThat(refusing)
                .containsExactly("allowPrivilegeEscalation", "capabilities", "privileged", "runAsNonRoot", "runAsUser");
    }

    private static Set<String> deniedByPodSecurity(JsonNode row) {
        return StreamSupport.stream(row.get("denied").spliterator(), false)
                .map(id -> id.asText().equals("capabilities_restricted") ? "capabilities" : id.asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> deniedByUnroot(JsonNode pod) throws Exception {
        List<Finding> findings =
                Policy.judge(Level.EXPLICIT, Pods.read(pod), container -> OFFLINE, PolicyOptions.DEFAULT, true);
        return findings.stream()
                .filter(finding -> finding.kind() != FindingKind.ADVICE)
                .map(finding -> finding.kind() == FindingKind.VIOLATION
                        ? finding.check()
                        : finding.kind() + " " + finding.check())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Of what Unroot refuses, that which it means to refuse beyond the standard. */
    private static Set<String> deniedOnPurpose(JsonNode spec, Set<String> ours) {
        Set<String> onPurpose = new TreeSet<>();
        String os = spec.path("os").path("name").asText("");
        String nodeOs = spec.path("nodeSelector").path("kubernetes.io/os").asText("");
        boolean windows = os.equals("windows") || (os.isEmpty() && nodeOs.equals("windows"));
        boolean userNamespace = !spec.path("hostUsers").asBoolean(true);
        if (spec.findValues("hostProcess").stream().anyMatch(JsonNode::asBoolean)) {
            onPurpose.add("privileged");
        }
        boolean administrator = spec.findValuesAsText("runAsUserName").stream()
                .anyMatch(name -> name.equalsIgnoreCase("ContainerAdministrator") || name.endsWith("\\SYSTEM"));
        if (windows && (administrator || userNamespace)) {
            onPurpose.add("runAsUser");
        }
        if (windows && userNamespace) {
            onPurpose.add("runAsNonRoot");
        }
        if (windows) {
            // No kubelet refuses an image without USER there, and nobody has looked.
            onPurpose.add("UNVERIFIED imageUser");
        }
        onPurpose.retainAll(ours);
        return onPurpose;
    }
}
