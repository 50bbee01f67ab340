package dev.unroot.registry.documents;

import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.model.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of an image's configuration that says who it runs as (image-spec {@code config.md}).
 *
 * @param user the USER as written; empty where none is set
 * @param platform what it was built for; parts that it leaves out are empty
 * @param osFeatures what it asks of the node's operating system besides; mostly empty
 * @param diffIds digests of the unpacked layers, lowest first; empty where it lists none
 */
public record ImageConfig(String user, Platform platform, List<String> osFeatures, List<Digest> diffIds) {
    private static final int MOST_FEATURES = 100;

    public ImageConfig {
        osFeatures = List.copyOf(osFeatures);
        diffIds = List.copyOf(diffIds);
    }

    /** @throws IOException where a runtime could not read it either; the message is a clause */
    public static ImageConfig parse(byte[] json) throws IOException {
        Fields fields = new Fields();
        GoJson.document(json, fields);
        return new ImageConfig(
                fields.user,
                new Platform(fields.os, fields.architecture, fields.variant),
                fields.osFeatures,
                fields.diffIds == null ? List.of() : fields.diffIds);
    }

    /** Objects that come twice are merged: a second {@code config} without a User keeps the first one's. */
    private static final class Fields implements GoJson.Fields {
        private String user = "";
        private String os = "";
        private String architecture = "";
        private String variant = "";
        private List<String> osFeatures = List.of();
        private @Nullable List<Digest> diffIds;

        @Override
        public void read(String name, JsonParser value) throws IOException {
            switch (name) {
                case "config" -> GoJson.object(value, this::config);
                case "os" -> os = GoJson.string(value, os);
                case "architecture" -> architecture = GoJson.string(value, architecture);
                case "variant" -> variant = GoJson.string(value, variant);
                case "os.features" -> osFeatures = GoJson.strings(value, MOST_FEATURES);
                case "rootfs" -> GoJson.object(value, this::rootfs);
                default -> {}
            }
        }

        private void config(String name, JsonParser value) throws IOException {
            if (name.equals("user")) {
                user = GoJson.string(value, user);
            }
        }

        private void rootfs(String name, JsonParser value) throws IOException {
            if (!name.equals("diff_ids")) {
                return;
            }
            if (diffIds != null) {
                throw new IOException("it lists its layers twice");
            }
            List<Digest> digests = new ArrayList<>();
            GoJson.array(value, element -> {
                String digest = GoJson.string(element, "");
                if (!Digest.isDigest(digest)) {
                    throw new IOException("it names a layer by no valid digest");
                }
                digests.add(Digest.parse(digest));
            });
            diffIds = digests;
        }
    }
}
