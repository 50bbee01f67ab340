package dev.unroot.manifest;

import dev.unroot.common.Text;
import dev.unroot.manifest.YamlNode.Mapping;
import dev.unroot.model.Subject;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What to say of an object whose kind is not known to make pods: mostly nothing, since most kinds make none. */
final class UnknownKind {
    /** A pod's spec within a template that the configuration can name: neither a kind's own spec nor what is in lists. */
    private static final Pattern IN_TEMPLATE = Pattern.compile("(template|spec\\.[A-Za-z0-9.]+)\\.spec");

    private final PodTemplates templates;

    UnknownKind(PodTemplates templates) {
        this.templates = templates;
    }

    ManifestResult judge(ManifestLocation location, Subject subject, Mapping object) {
        TypeMeta type = new TypeMeta(subject.apiVersion(), subject.kind());
        TypeMeta meant = new KindSuggestion(templates).of(type, object);
        if (meant != null) {
            return new ManifestResult.Unreadable(
                    location,
                    notJudged(subject) + "there is no " + Text.plain(type.apiVersion()) + " "
                            + Text.plain(type.kind()) + ". Did you mean " + meant.apiVersion() + " " + meant.kind()
                            + "?");
        }
        String pod = PodShape.find(object);
        if (pod == null) {
            return new ManifestResult.Found(location, subject);
        }
        return KindSuggestion.isOfKubernetesAlone(type)
                ? new ManifestResult.Unreadable(location, notJudged(subject) + misplaced(type, pod))
                : new ManifestResult.NotJudged(location, subject, notJudged(subject) + advice(type, pod));
    }

    private static String misplaced(TypeMeta type, String pod) {
        return "it has containers at " + Text.plain(pod) + ", and there is no " + Text.plain(type.apiVersion()) + " "
                + Text.plain(type.kind()) + " that has. Correct its apiVersion or its kind";
    }

    /** The beginning of what is said of an object that is passed over. */
    static String notJudged(Subject subject) {
        String namespace = subject.meta().namespace();
        String name = subject.meta().displayName();
        String prefix = namespace == null || namespace.isEmpty() ? "" : Text.plain(namespace) + "/";
        return Text.plain(subject.kind()) + (name.isEmpty() ? "" : " " + prefix + Text.plain(name))
                + " was not judged: ";
    }

    private static String advice(TypeMeta type, String pod) {
        String apiVersion = Text.plain(type.apiVersion());
        String kind = Text.plain(type.kind());
        String what = "it has containers at " + Text.plain(pod) + ", and " + apiVersion + " " + kind
                + " is no kind that Unroot knows";
        Matcher template = IN_TEMPLATE.matcher(pod);
        return template.matches()
                ? what + ". If it makes pods, write into the configuration workloads.custom: [{apiVersion: "
                        + apiVersion + ", kind: " + kind + ", podTemplate: " + template.group(1) + "}]"
                : what + ". If it makes pods, the webhook judges them when they are made";
    }
}
