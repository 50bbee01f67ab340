package dev.unroot.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.manifest.ManifestException;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.SubjectReader;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.yaml.snakeyaml.Yaml;

/** Objects out of a line of YAML. */
final class TestPods {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TestPods() {}

    static Subject pod(String... containers) {
        String spec = "{containers: [" + String.join(", ", containers) + "]}";
        return read("{metadata: {name: web}, spec: " + spec + "}", new TypeMeta("v1", "Pod"), PodTemplates.BUILT_IN);
    }

    static Subject read(String yaml, TypeMeta type, PodTemplates templates) {
        Object tree = new Yaml().load(yaml);
        try (JsonParser parser = JSON.createParser(JSON.writeValueAsBytes(tree))) {
            parser.nextToken();
            return new SubjectReader(templates).read(parser, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ManifestException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
