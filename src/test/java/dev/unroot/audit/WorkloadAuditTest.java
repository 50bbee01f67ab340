package dev.unroot.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.FieldPath;
import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.Level;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadAuditTest {
    private static final JudgedSpec EXEMPT = JudgedSpec.exempt("runtimeClass");

    private final Workload workload = new Workload(new OwnerKey("shop", "apps", "Deployment", "web"), "apps/v1");

    private static JudgedSpec denied() {
        FieldPath path = FieldPath.of("spec");
        Finding finding = Finding.of("runAsUser", FindingKind.VIOLATION, null, path, "runs as root", "Mend it");
        return new JudgedSpec(null, Map.of(Level.NONROOT, List.of(finding)), Map.of());
    }

    @Test
    void whatIsExemptInPartIsJudged() {
        for (List<JudgedSpec> specs : List.of(List.of(EXEMPT, denied()), List.of(denied(), EXEMPT))) {
            WorkloadAudit audit = WorkloadAudit.of(workload, specs);

            assertThat(audit.exempt()).isNull();
            assertThat(audit.at(Level.NONROOT)).isEqualTo(State.DENIED);
        }
    }

    @Test
    void whatIsExemptAsAWholeIsInNoState() {
        assertThat(WorkloadAudit.of(workload, List.of(EXEMPT, EXEMPT)).exempt()).isEqualTo("runtimeClass");
    }
}
