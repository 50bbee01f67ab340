package dev.unroot.configuration;

import dev.unroot.common.Text;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.review.ReviewSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code workloads} of the configuration file. */
record WorkloadsSection(boolean enforce, PodTemplates templates) {
    static WorkloadsSection read(Section section, Problems problems) {
        boolean enforce = section.value("enforce", ReviewSettings.DEFAULT.enforceWorkloads(), ConfigurationValue::bool);
        List<PodTemplates.Custom> custom = new ArrayList<>();
        Set<String> groupKinds = new HashSet<>();
        for (Section entry : section.sectionList("custom")) {
            PodTemplates.Custom kind = custom(entry);
            if (kind == null) {
                continue;
            }
            TypeMeta type = new TypeMeta(kind.apiVersion(), kind.kind());
            String named = "workloads.custom lists " + Text.plain(kind.kind()) + " of " + Text.plain(kind.apiVersion());
            if (PodTemplates.BUILT_IN.contains(type)) {
                // A template's place is known for these: another one would have them judged as what they are not.
                problems.add(entry.line(), named + ", which is built in: remove it");
            } else if (!groupKinds.add(type.group() + "/" + type.kind())) {
                problems.add(entry.line(), named + " twice, and versions of a group are one kind here: remove one");
            } else {
                custom.add(kind);
            }
        }
        section.end();
        return new WorkloadsSection(enforce, custom.isEmpty() ? PodTemplates.BUILT_IN : new PodTemplates(custom));
    }

    private static PodTemplates.@Nullable Custom custom(Section entry) {
        String apiVersion = entry.required("apiVersion", NameValue::apiVersion);
        String kind = entry.required("kind", NameValue::kind);
        String template = entry.required("podTemplate", NameValue::podTemplate);
        entry.end();
        return apiVersion == null || kind == null || template == null
                ? null
                : new PodTemplates.Custom(apiVersion, kind, template);
    }
}
