package dev.unroot.registry.documents;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.unroot.model.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the fields of a descriptor. */
public final class DescriptorFields {
    private static final int MOST_URLS = 100;
    /** Some of them decide what a runtime takes, so none may be lost among others. */
    private static final int MOST_ANNOTATIONS = 1_000;

    private static final int MOST_FEATURES = 100;

    private final Map<String, String> annotations = new HashMap<>();
    private final List<String> urls = new ArrayList<>();
    private String mediaType = "";
    private String digest = "";
    private long size;
    private @Nullable Platform platform;
    private String os = "";
    private String architecture = "";
    private String variant = "";
    private List<String> osFeatures = List.of();

    /** @throws IOException where it is no object with a valid digest and size */
    public static DescriptorFields read(JsonParser parser) throws IOException {
        DescriptorFields fields = new DescriptorFields();
        GoJson.strictObject(parser, fields::field);
        if (!Digest.isDigest(fields.digest)) {
            throw new IOException("it points to content by no valid digest");
        }
        if (fields.size < 0) {
            throw new IOException("it points to content of a negative size");
        }
        return fields;
    }

    public Descriptor descriptor() {
        return new Descriptor(mediaType, Digest.parse(digest), size, platform, osFeatures, annotations, urls);
    }

    /** Those that are strings, or null, which is an empty one; their keys keep their letter case. */
    public Map<String, String> annotations() {
        return Map.copyOf(annotations);
    }

    private void field(String name, JsonParser value) throws IOException {
        switch (name) {
            case "mediatype" -> mediaType = GoJson.string(value, mediaType);
            case "digest" -> digest = GoJson.string(value, digest);
            case "size" -> size = GoJson.integer(value, size);
            case "platform" -> platform(value);
            case "urls" ->
                GoJson.array(value, url -> {
                    if (urls.size() == MOST_URLS) {
                        throw new IOException("it points to more than " + MOST_URLS + " addresses for one content");
                    }
                    urls.add(GoJson.string(url, ""));
                });
            case "annotations" -> annotations(value);
            default -> {}
        }
    }

    private void annotations(JsonParser value) throws IOException {
        if (value.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (value.nextToken() == JsonToken.FIELD_NAME) {
            String key = value.currentName();
            JsonToken token = value.nextToken();
            if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL) {
                if (annotations.size() == MOST_ANNOTATIONS) {
                    throw new IOException("it points to content with more than " + MOST_ANNOTATIONS + " annotations");
                }
                annotations.put(key, token == JsonToken.VALUE_NULL ? "" : value.getText());
            }
            value.skipChildren();
        }
    }

    private void platform(JsonParser value) throws IOException {
        if (value.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        GoJson.strictObject(value, (name, part) -> {
            switch (name) {
                case "os" -> os = GoJson.string(part, os);
                case "architecture" -> architecture = GoJson.string(part, architecture);
                case "variant" -> variant = GoJson.string(part, variant);
                case "os.features" -> osFeatures = GoJson.strings(part, MOST_FEATURES);
                default -> {}
            }
        });
        platform = new Platform(os, architecture, variant);
    }
}
