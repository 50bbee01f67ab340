package dev.unroot.audit;

import dev.unroot.model.Level;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A namespace's workloads, counted.
 *
 * @param name empty for objects that name no namespace
 * @param labels Unroot's, where the namespace itself is among what was read
 * @param workloads all of them, exempt ones included
 * @param exempt those that nobody judges; they are in no state
 * @param states how many are in which state at which level
 */
public record NamespaceAudit(
        String name, Map<String, String> labels, int workloads, int exempt, Map<Level, Map<State, Integer>> states) {

    static NamespaceAudit of(String name, Map<String, String> labels, List<WorkloadAudit> workloads) {
        Map<Level, Map<State, Integer>> states = new EnumMap<>(Level.class);
        List<WorkloadAudit> judged =
                workloads.stream().filter(workload -> workload.exempt() == null).toList();
        for (Level level : JudgedSpec.LEVELS) {
            Map<State, Integer> counts = new EnumMap<>(State.class);
            for (State state : State.values()) {
                counts.put(state, 0);
            }
            judged.forEach(workload -> counts.merge(workload.at(level), 1, Integer::sum));
            states.put(level, counts);
        }
        return new NamespaceAudit(name, labels, workloads.size(), workloads.size() - judged.size(), states);
    }

    /** How many workloads are in a state at a level. */
    public int count(Level level, State state) {
        return states.getOrDefault(level, Map.of()).getOrDefault(state, 0);
    }

    /** True where enforcing the level would stand in nobody's way. */
    public boolean isReady(Level level) {
        return count(level, State.READY) + exempt == workloads;
    }
}
