package dev.unroot.audit;

import dev.unroot.model.Container;
import dev.unroot.model.Finding;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Level;
import dev.unroot.model.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What enforcing would come to, for a whole inventory. Everything that is told of it, whatever by, is a view of this one
 * result.
 *
 * @param namespaces by name
 * @param workloads in order of namespace, kind and name; each has something to be judged
 * @param finished pods that have ended, which nothing is said of
 * @param mirrors static pods, which nothing can deny
 */
public record AuditReport(
        List<NamespaceAudit> namespaces,
        List<WorkloadAudit> workloads,
        Map<String, ImageFacts> images,
        int finished,
        int mirrors) {

    /** A pod or a template to be judged, in its namespace: Secrets to pull by are found there. */
    public record Spec(String namespace, Pod pod) {}

    /** All that has to be judged of an inventory, each once. */
    public static Set<Spec> specs(Collection<Workload> workloads) {
        Set<Spec> specs = new LinkedHashSet<>();
        for (Workload workload : workloads) {
            workload.specs().forEach(pod -> specs.add(new Spec(workload.key().namespace(), pod)));
        }
        return specs;
    }

    /** @param judged what became of each of {@link #specs} */
    public static AuditReport of(
            Inventory inventory, Collection<Workload> workloads, Function<Spec, JudgedSpec> judged) {
        Map<String, List<WorkloadAudit>> byNamespace = new TreeMap<>();
        inventory.namespaces().keySet().forEach(name -> byNamespace.put(name, new ArrayList<>()));
        List<WorkloadAudit> audits = new ArrayList<>();
        Map<String, ImageFacts> images = new TreeMap<>();
        int finished = 0;
        int mirrors = 0;
        for (Workload workload : workloads) {
            finished += workload.finished();
            mirrors += workload.mirrors();
            List<JudgedSpec> specs = workload.specs().stream()
                    .map(pod -> judged.apply(new Spec(workload.key().namespace(), pod)))
                    .toList();
            if (specs.isEmpty()) {
                continue;
            }
            specs.forEach(spec -> images.putAll(spec.images()));
            WorkloadAudit audit = WorkloadAudit.of(workload, specs);
            audits.add(audit);
            byNamespace
                    .computeIfAbsent(workload.key().namespace(), name -> new ArrayList<>())
                    .add(audit);
        }
        List<NamespaceAudit> namespaces = new ArrayList<>();
        byNamespace.forEach((name, inIt) ->
                namespaces.add(NamespaceAudit.of(name, inventory.namespaces().getOrDefault(name, Map.of()), inIt)));
        return new AuditReport(namespaces, audits, images, finished, mirrors);
    }

    /** The images that keep workloads from being ready at a level, first the one that the most wait for. */
    public List<ImageAudit> images(Level level) {
        Map<String, Set<OwnerKey>> waiting = new HashMap<>();
        for (WorkloadAudit workload : workloads) {
            for (Finding finding : workload.reasons(level)) {
                Container container = finding.container();
                if (container != null && finding.check().equals("imageUser")) {
                    waiting.computeIfAbsent(container.image(), image -> new HashSet<>())
                            .add(workload.workload().key());
                }
            }
        }
        List<ImageAudit> audits = new ArrayList<>();
        waiting.forEach((image, keys) -> {
            ImageFacts facts = images.get(image);
            if (facts != null) {
                audits.add(ImageAudit.of(image, facts, keys.size()));
            }
        });
        audits.sort(Comparator.comparingInt(ImageAudit::workloads).reversed().thenComparing(ImageAudit::image));
        return audits;
    }

    /** What keeps workloads from being ready at a level, by check: the namespaces' own counts add up to more. */
    public Map<String, Integer> causes(Level level) {
        Map<String, Integer> causes = new LinkedHashMap<>();
        for (WorkloadAudit workload : workloads) {
            Set<String> checks = new TreeSet<>();
            workload.reasons(level).forEach(finding -> checks.add(cause(finding)));
            checks.forEach(cause -> causes.merge(cause, 1, Integer::sum));
        }
        Map<String, Integer> ordered = new LinkedHashMap<>();
        causes.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
        return ordered;
    }

    private static String cause(Finding finding) {
        String kind = finding.kind().label();
        return finding.cause() == null
                ? finding.check() + " (" + kind + ")"
                : finding.check() + " (" + kind + ", " + finding.cause().label() + ")";
    }
}
