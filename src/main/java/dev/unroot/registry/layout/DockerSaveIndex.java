package dev.unroot.registry.layout;

import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.common.Text;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.GoJson;
import dev.unroot.registry.documents.ImageConfig;
import dev.unroot.registry.documents.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docker save} writes: a {@code manifest.json} that lists configurations, names and layers. It holds no image
 * manifest, so one is made up; the image goes by its ID, the digest of its configuration.
 */
final class DockerSaveIndex extends LayoutIndex {
    static final String MANIFEST = "manifest.json";

    private static final int BUFFER = 1 << 16;

    private final Map<Digest, Document> documents = new HashMap<>();
    private final Map<Digest, String> blobs = new HashMap<>();

    DockerSaveIndex(LayoutFiles files, Limits limits) throws IOException {
        super(files, limits);
        try {
            byte[] json = files.read(MANIFEST, limits.manifestBytes());
            GoJson.arrayDocument(json, element -> add(Saved.read(element)));
        } catch (IOException malformed) {
            throw new IOException(MANIFEST + " cannot be read: " + GoJson.describe(malformed), malformed);
        }
    }

    /** One image as {@code manifest.json} lists it. */
    private static final class Saved {
        private String config = "";
        private final List<String> tags = new ArrayList<>();
        private final List<String> layers = new ArrayList<>();

        static Saved read(JsonParser parser) throws IOException {
            Saved saved = new Saved();
            GoJson.strictObject(parser, (name, value) -> {
                switch (name) {
                    case "config" -> saved.config = GoJson.string(value, "");
                    case "repotags" -> GoJson.array(value, tag -> saved.tags.add(GoJson.string(tag, "")));
                    case "layers" -> GoJson.array(value, layer -> saved.layers.add(GoJson.string(layer, "")));
                    default -> {}
                }
            });
            return saved;
        }
    }

    private void add(Saved saved) throws IOException {
        byte[] configBytes = files.read(saved.config, limits.configBytes());
        Digest id = Digest.of(configBytes);
        List<Digest> diffIds = ImageConfig.parse(configBytes).diffIds();
        if (diffIds.size() != saved.layers.size()) {
            throw new IOException(Text.quote(saved.config) + " does not list the same layers");
        }
        StringBuilder layers = new StringBuilder();
        for (int i = 0; i < saved.layers.size(); i++) {
            String file = saved.layers.get(i);
            Digest digest = digest(file, diffIds.get(i));
            blobs.put(digest, file);
            layers.append(i == 0 ? "" : ",")
                    .append("{\"digest\":\"")
                    .append(digest)
                    .append("\"}");
        }
        blobs.put(id, saved.config);
        String manifest = "{\"schemaVersion\":2,\"config\":{\"digest\":\"" + id + "\"},\"layers\":[" + layers + "]}";
        documents.put(id, new Document(manifest.getBytes(StandardCharsets.UTF_8), id.toString(), null));
        names.add(id);
        saved.tags.forEach(tag -> names.add(tag, id));
    }

    /** A layer that is not compressed goes by the digest in the configuration, which reading it will check. */
    private Digest digest(String file, Digest diffId) throws IOException {
        try (InputStream input = files.open(file)) {
            byte[] buffer = input.readNBytes(BUFFER);
            boolean isCompressed = buffer.length > 1 && (buffer[0] == 0x1f || buffer[0] == 0x28);
            if (!isCompressed) {
                return diffId;
            }
            MessageDigest hash = diffId.newHash();
            while (buffer.length > 0) {
                hash.update(buffer);
                buffer = input.readNBytes(BUFFER);
            }
            return Digest.of(diffId.algorithm(), hash.digest());
        }
    }

    @Override
    @Nullable
    Document document(Digest digest) {
        return documents.get(digest);
    }

    @Override
    String file(Digest blob) {
        return blobs.getOrDefault(blob, blob.toString());
    }
}
