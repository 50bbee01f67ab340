package dev.unroot.registry.platforms;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.unroot.fuzz.Fuzz;
import dev.unroot.registry.TestImage;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.documents.ImageDocument;
import dev.unroot.registry.documents.ImageDocumentParser;
import dev.unroot.registry.documents.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Indexes of a few images, in which platforms are named, misnamed, repeated and left out in every way that might matter. */
final class RandomIndexes {
    private static final String[] SYSTEMS = {
        "linux", "linux", "linux", "linux", "linux", "Linux", "LINUX", "l\u0130nux", "", "windows", "unknown", "darwin"
    };
    private static final String[] ARCHITECTURES = {
        "amd64", "amd64", "amd64", "arm64", "arm64", "arm", "arm", "x86_64", "x86-64", "AMD64", "aarch64", "armhf",
        "armel", "386", "i386", "s390x", "riscv64", "unknown", ""
    };
    private static final String[] VARIANTS = {
        "", "", "", "", "v1", "v2", "v3", "V1", "v8", "v8", "8", "v8.0", "v8.1", "v8.5", "v9", "9", "9.0", "v9.2", "v7",
        "7", "v6", "6", "v5", "5", "v4", "v10", "x"
    };
    private static final String[] FEATURES = {"[]", "null", "[\"erofs\"]", "[\"win32k\"]", "[\"\"]", "[\"a\",\"b\"]"};
    private static final String[] VERSIONS = {"10.0.17763.1", "10.0.20348.587", "10.0.20348", "10.0.26100.1", "", "x"};
    private static final String[] ZSTD = {"\"true\"", "\"true\"", "\"false\"", "\"TRUE\"", "\"\"", "null"};

    private final TestImages images = new TestImages();
    private final List<ObjectNode> leaves = new ArrayList<>();
    private final List<ObjectNode> nested = new ArrayList<>();
    /** True for root, by the digest of a configuration and by that of a manifest. */
    private final Map<String, Boolean> roots = new HashMap<>();

    RandomIndexes(Random random) {
        for (int i = 0; i < 60; i++) {
            boolean root = random.nextBoolean();
            TestImage image = new TestImage().changeConfig(config -> config.setAll(platform(random)));
            if (!root) {
                image.user("1000");
            }
            if (random.nextInt(3) == 0) {
                image.docker();
            }
            ObjectNode leaf = images.entry(image);
            leaves.add(leaf);
            roots.put(leaf.path("digest").asText(), root);
            roots.put(configuration(leaf.path("digest").asText()), root);
        }
        for (int i = 0; i < 60; i++) {
            nested.add(images.put(TestImages.OCI_INDEX, index(random).getBytes(StandardCharsets.UTF_8)));
        }
    }

    String configuration(String manifest) {
        try {
            ImageDocument parsed = ImageDocumentParser.parse(images.blob(manifest), null, Limits.DEFAULT);
            return ((ImageDocument.Manifest) parsed).config().digest().toString();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    TestImages images() {
        return images;
    }

    boolean isRoot(String digest) {
        return roots.get(digest);
    }

    boolean isNested(String digest) {
        return !roots.containsKey(digest);
    }

    /** All documents by digest, as text. */
    Map<String, String> documents() {
        Map<String, String> documents = new LinkedHashMap<>();
        images.blobs().forEach((digest, bytes) -> documents.put(digest, new String(bytes, StandardCharsets.UTF_8)));
        return documents;
    }

    /** Mostly for a few platforms, so that entries compete. */
    String index(Random random) {
        ObjectNode index = JsonNodeFactory.instance.objectNode().put("schemaVersion", 2);
        if (random.nextBoolean()) {
            index.put("mediaType", TestImages.OCI_INDEX);
        }
        ArrayNode entries = index.putArray("manifests");
        int count = 1 + random.nextInt(5);
        ObjectNode usual = platform(random);
        for (int i = 0; i < count; i++) {
            boolean deeper = !nested.isEmpty() && random.nextInt(12) == 0;
            ObjectNode entry = any(deeper ? nested : leaves, random).deepCopy();
            switch (random.nextInt(8)) {
                case 0 -> {}
                case 1 -> entry.putNull("platform");
                case 2, 3 -> entry.set("platform", near(usual, random));
                default -> entry.set("platform", platform(random));
            }
            if (random.nextInt(4) == 0) {
                entry.putObject("annotations")
                        .putRawValue("io.github.containers.compression.zstd", new RawValue(Fuzz.pick(random, ZSTD)));
            }
            entries.add(entry);
        }
        return new String(TestImages.json(index), StandardCharsets.UTF_8);
    }

    private static ObjectNode any(List<ObjectNode> several, Random random) {
        return several.get(random.nextInt(several.size()));
    }

    /** The same but for one part. */
    private static ObjectNode near(ObjectNode usual, Random random) {
        ObjectNode platform = usual.deepCopy();
        String part = Fuzz.pick(random, "os", "architecture", "variant", "os.features", "os.version");
        ObjectNode other = platform(random);
        if (other.has(part)) {
            platform.set(part, other.get(part));
        }
        return platform;
    }

    private static ObjectNode platform(Random random) {
        ObjectNode platform = JsonNodeFactory.instance.objectNode();
        if (random.nextInt(10) > 0) {
            platform.put("os", Fuzz.pick(random, SYSTEMS));
        }
        if (random.nextInt(20) > 0) {
            platform.put("architecture", Fuzz.pick(random, ARCHITECTURES));
        }
        if (random.nextInt(3) == 0) {
            platform.put("variant", Fuzz.pick(random, VARIANTS));
        }
        if (random.nextInt(8) == 0) {
            platform.putRawValue("os.features", new RawValue(Fuzz.pick(random, FEATURES)));
        }
        if (random.nextInt(8) == 0) {
            platform.put("os.version", Fuzz.pick(random, VERSIONS));
        }
        return platform;
    }
}
