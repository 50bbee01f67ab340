package dev.unroot.webhook;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** AdmissionReviews as an API server writes them, field for field in its order. */
final class Reviews {
    static final String UID = "705ab4f5-6393-11e8-b7cc-42010a800002";
    static final String POD_KIND = "{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Pod\"}";
    static final String ROOT_CONTAINER = "{\"name\":\"web\",\"image\":\"nginx:1.27\"}";
    static final String FINE_CONTAINER =
            "{\"name\":\"web\",\"image\":\"registry.example/fine:1\",\"securityContext\":{\"runAsUser\":1000,"
                    + "\"allowPrivilegeEscalation\":false,\"capabilities\":{\"drop\":[\"ALL\"]}}}";

    private final Map<String, String> fields = new LinkedHashMap<>();

    private Reviews() {}

    /** CREATE of a pod named web in namespace default. */
    static Reviews pod(String containers) {
        Reviews review = new Reviews();
        review.fields.put("uid", '"' + UID + '"');
        review.fields.put("kind", POD_KIND);
        review.fields.put("resource", "{\"group\":\"\",\"version\":\"v1\",\"resource\":\"pods\"}");
        review.fields.put("requestKind", POD_KIND);
        review.fields.put("name", "\"web\"");
        review.fields.put("namespace", "\"default\"");
        review.fields.put("operation", "\"CREATE\"");
        review.fields.put("userInfo", "{\"username\":\"jane\",\"groups\":[\"system:authenticated\"]}");
        review.fields.put("object", podObject(containers));
        review.fields.put("oldObject", "null");
        review.fields.put("dryRun", "false");
        review.fields.put("options", "{\"kind\":\"CreateOptions\",\"apiVersion\":\"meta.k8s.io/v1\"}");
        return review;
    }

    static String podObject(String containers) {
        return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web\",\"namespace\":\"default\"},"
                + "\"spec\":{\"containers\":[" + containers + "]}}";
    }

    /** A field of the request, as JSON; in its old place where there is one, else last. */
    Reviews with(String field, String json) {
        fields.put(field, json);
        return this;
    }

    Reviews without(String field) {
        fields.remove(field);
        return this;
    }

    /** Takes a field out and puts it last. */
    Reviews last(String field) {
        fields.put(field, fields.remove(field));
        return this;
    }

    @Override
    public String toString() {
        return envelope("AdmissionReview", "admission.k8s.io/v1");
    }

    String envelope(String kind, String apiVersion) {
        StringJoiner request = new StringJoiner(",", "{", "}");
        fields.forEach((field, json) -> request.add('"' + field + "\":" + json));
        return "{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + "\",\"request\":" + request + "}";
    }
}
