package dev.unroot.audit;

import dev.unroot.model.Container;
import dev.unroot.model.Finding;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Level;
import dev.unroot.model.Pod;
import dev.unroot.review.JudgedPod;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What judging one pod, or one template, at every level has come to.
 *
 * @param exempt why nobody judges it; null where it is judged
 * @param findings at each of {@link #LEVELS}; empty where it is exempt
 * @param images what is known of its images by how they are written; only of those that a verdict depends on
 */
public record JudgedSpec(@Nullable String exempt, Map<Level, List<Finding>> findings, Map<String, ImageFacts> images) {
    /** Those that something can be required at, the lowest first. */
    public static final List<Level> LEVELS = List.of(Level.NONROOT, Level.HARDENED, Level.EXPLICIT);

    /** One that nobody judges. */
    public static JudgedSpec exempt(String why) {
        return new JudgedSpec(why, Map.of(), Map.of());
    }

    /** @param judged at all of {@link #LEVELS} */
    public static JudgedSpec of(Pod pod, JudgedPod judged) {
        Map<Level, List<Finding>> findings = new EnumMap<>(Level.class);
        for (Level level : LEVELS) {
            findings.put(level, List.copyOf(judged.findings(level)));
        }
        Map<String, ImageFacts> images = new LinkedHashMap<>();
        for (Container container : pod.containers()) {
            ImageFacts facts = judged.facts(container);
            if (facts != null) {
                images.put(container.image(), facts);
            }
        }
        return new JudgedSpec(null, findings, images);
    }
}
