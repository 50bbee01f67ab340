package dev.unroot.manifest;

import dev.unroot.model.Spelling;
import org.jspecify.annotations.Nullable;

/** Tells which kind that makes pods was meant by a type that is none of them. */
final class MeantKind {
    private static final String SUFFIX = ".k8s.io";

    private final PodTemplates templates;

    MeantKind(PodTemplates templates) {
        this.templates = templates;
    }

    /** @param type one that is not known to make pods. Null where it may well be one that makes none */
    @Nullable
    TypeMeta of(TypeMeta type) {
        if (!isOfKubernetes(type.group())) {
            return templates.inOtherCase(type);
        }
        return Spelling.nearest(type.kind(), PodTemplates.API_VERSIONS.keySet())
                .map(kind -> new TypeMeta(String.valueOf(PodTemplates.API_VERSIONS.get(kind)), kind))
                .orElse(null);
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
