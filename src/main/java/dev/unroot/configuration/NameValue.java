package dev.unroot.configuration;

import dev.unroot.common.ObjectNames;
import dev.unroot.common.Text;
import java.util.regex.Pattern;

/**
 * Reads the names of Kubernetes' things in the configuration file: what no cluster would take is refused, since it could
 * only be a mistake that does nothing. Each throws IllegalArgumentException with a sentence.
 */
final class NameValue {
    /** RFC 1035 label. */
    private static final Pattern VERSION = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");

    private static final Pattern KIND = Pattern.compile("[A-Z][A-Za-z0-9]*");
    private static final Pattern FIELD_PATH = Pattern.compile("[A-Za-z][A-Za-z0-9]*(\\.[A-Za-z][A-Za-z0-9]*)*");
    private static final Pattern OUTSIDE_TEMPLATES = Pattern.compile("(apiVersion|kind|metadata|status)(\\..*)?");
    private static final Pattern SPEC_OF_TEMPLATE = Pattern.compile("(.*[.a-z])?[Tt]emplate\\.spec");
    private static final int LONGEST_LABEL = 63;

    private NameValue() {}

    /** RFC 1123 subdomain, as the API server demands of most objects' names. Source: apimachinery, {@code NameIsDNSSubdomain}. */
    static String object(String text) {
        if (!ObjectNames.isSubdomain(text)) {
            throw new IllegalArgumentException(Text.quote(text) + " cannot be an object's name");
        }
        return text;
    }

    /** Source: Kubernetes {@code pkg/apis/node/validation}, {@code ValidateRuntimeClass}. */
    static String runtimeClass(String text) {
        if (!ObjectNames.isSubdomain(text)) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " cannot be a RuntimeClass's name: write names in full, in lower case");
        }
        return text;
    }

    /** RFC 1123 label, as the API server demands of namespaces. Source: apimachinery, {@code ValidateNamespaceName}. */
    static String namespace(String text) {
        if (!ObjectNames.isLabel(text)) {
            throw new IllegalArgumentException(Text.quote(text)
                    + " cannot be a namespace's name: write names in full, of lower-case letters, digits and hyphens");
        }
        return text;
    }

    /** RFC 1123 label: the API server's gate RelaxedServiceNameValidation lets a Service's name begin with a digit too. */
    static String service(String text) {
        if (!ObjectNames.isLabel(text)) {
            throw new IllegalArgumentException(Text.quote(text) + " cannot be a Service's name");
        }
        return text;
    }

    static String namespaceOrAll(String text) {
        if (!text.equals("*") && !ObjectNames.isLabel(text)) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " is not a namespace's name: write names in full, or \"*\" for all of them");
        }
        return text;
    }

    /**
     * A version, or a group and a version. Source: apiextensions-apiserver, {@code ValidateCustomResourceDefinition}: the
     * group an RFC 1123 subdomain, the version an RFC 1035 label.
     */
    static String apiVersion(String text) {
        int slash = text.indexOf('/');
        String version = text.substring(slash + 1);
        boolean group = slash < 0 || ObjectNames.isSubdomain(text.substring(0, slash));
        if (!group
                || version.length() > LONGEST_LABEL
                || !VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " cannot be an apiVersion: write group/version, argoproj.io/v1alpha1");
        }
        return text;
    }

    /**
     * Source: apiextensions-apiserver, {@code ValidateCustomResourceDefinitionNames} (at most 63 letters and digits, the
     * first a letter), and the API conventions: kinds are CamelCase, and what begins with a small letter is a resource.
     */
    static String kind(String text) {
        if (text.length() > LONGEST_LABEL || !KIND.matcher(text).matches()) {
            throw new IllegalArgumentException(Text.quote(text)
                    + " cannot be a kind: write it as objects do, in the singular and with a capital: Rollout");
        }
        return text;
    }

    /** Where an object may hold a pod template: ObjectMeta has no such field, and a template's own spec is the pod's. */
    static String podTemplate(String text) {
        if (!FIELD_PATH.matcher(text).matches()) {
            throw new IllegalArgumentException(Text.quote(text) + " is not a field path: write it as spec.template");
        }
        if (OUTSIDE_TEMPLATES.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " holds no pod template in any object: name a field under spec, spec.template");
        }
        if (SPEC_OF_TEMPLATE.matcher(text).matches()) {
            throw new IllegalArgumentException(Text.quote(text)
                    + " is the spec of a template: name the field of the pod template itself, as in spec.template");
        }
        return text;
    }
}
