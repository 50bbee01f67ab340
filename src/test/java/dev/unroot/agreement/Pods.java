package dev.unroot.agreement;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.manifest.ManifestException;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.SubjectReader;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Pod;
import java.io.IOException;
import java.util.Objects;

/** Reads pods as the webhook does. */
final class Pods {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Pods() {}

    static Pod read(JsonNode object) throws IOException, ManifestException {
        return read(JSON.writeValueAsBytes(object));
    }

    static Pod read(String json) throws IOException, ManifestException {
        return read(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static Pod read(byte[] json) throws IOException, ManifestException {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            return Objects.requireNonNull(new SubjectReader(PodTemplates.BUILT_IN)
                    .read(parser, new TypeMeta("v1", "Pod"))
                    .pod());
        }
    }
}
