package dev.unroot.manifest;

import dev.unroot.common.Spelling;
import dev.unroot.manifest.YamlNode.Mapping;
import dev.unroot.manifest.YamlNode.Sequence;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells which kind that makes pods was meant by a type that is none of them. */
final class KindSuggestion {
    private static final String SUFFIX = ".k8s.io";
    private static final String LIST = "List";

    /** OpenShift's, of the time before it had groups. */
    private static final Set<TypeMeta> OTHERS =
            Set.of(new TypeMeta("v1", "Template"), new TypeMeta("v1", "DeploymentConfig"));

    private final PodTemplates templates;

    KindSuggestion(PodTemplates templates) {
        this.templates = templates;
    }

    /** @param type one that is not known to make pods. Null where it may well be one that makes none */
    @Nullable
    TypeMeta of(TypeMeta type, Mapping object) {
        if (OTHERS.contains(type)) {
            return null;
        }
        if (!isOfKubernetes(type.group())) {
            return templates.inOtherCase(type);
        }
        Map<String, String> candidates = object.get("items") instanceof Sequence ? lists() : PodTemplates.API_VERSIONS;
        return Spelling.nearest(type.kind(), candidates.keySet())
                .map(kind -> new TypeMeta(String.valueOf(candidates.get(kind)), kind))
                .orElse(null);
    }

    private static Map<String, String> lists() {
        Map<String, String> lists = new LinkedHashMap<>();
        lists.put(LIST, "v1");
        PodTemplates.API_VERSIONS.forEach((kind, apiVersion) -> lists.put(kind + LIST, apiVersion));
        return lists;
    }

    /** Whether it is in a group in which Kubernetes alone has kinds, and all of those that make pods are known. */
    static boolean isOfKubernetesAlone(TypeMeta type) {
        return !type.group().contains(".") && !OTHERS.contains(type);
    }

    /**
     * Others' kinds may be called Deployment too, or nearly. A group without a dot is Kubernetes' own, since those of
     * CustomResourceDefinitions must have one (apiextensions-apiserver, {@code ValidateCustomResourceDefinitionSpec}). Newer
     * ones of its own end in .k8s.io, and people write that behind the old ones as well.
     */
    private static boolean isOfKubernetes(String group) {
        if (!group.endsWith(SUFFIX)) {
            return !group.contains(".");
        }
        String stem = group.substring(0, group.length() - SUFFIX.length());
        return PodTemplates.API_VERSIONS.containsValue(stem + "/v1");
    }
}
