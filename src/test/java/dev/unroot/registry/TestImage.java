package dev.unroot.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.model.Platform;
import dev.unroot.registry.documents.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An image to be: {@code new TestImage().user("app").passwd("app:x:1000:1000::/:/bin/sh\n")}. */
public final class TestImage {
    private record Blob(String mediaType, byte[] content, byte[] unpacked) {}

    private final List<Blob> layers = new ArrayList<>();
    private Consumer<ObjectNode> manifestChange = manifest -> {};
    private Consumer<ObjectNode> configChange = config -> {};
    private Platform platform = Platform.parse("linux/amd64");
    private @Nullable String user;
    private @Nullable String rawConfig;
    private boolean docker;

    /** USER; without this call the configuration has none. */
    public TestImage user(String value) {
        user = value;
        return this;
    }

    /** What its configuration says it is built for; linux/amd64 unless set. */
    public TestImage platform(String value) {
        platform = Platform.parse(value);
        return this;
    }

    Platform platform() {
        return platform;
    }

    /** Adds a layer on top. */
    public TestImage layer(TestLayer layer) {
        layers.add(new Blob(layer.mediaType(), layer.packed(), layer.unpacked()));
        return this;
    }

    /** Adds a layer of given bytes on top, with the tar that its configuration is to promise. */
    public TestImage layer(String mediaType, byte[] content, byte[] unpacked) {
        layers.add(new Blob(mediaType, content, unpacked));
        return this;
    }

    /** Adds a layer that holds an {@code /etc/passwd}. */
    public TestImage passwd(String content) {
        return layer(TestLayer.passwd(content));
    }

    /** Replaces the configuration. */
    public TestImage config(String json) {
        rawConfig = json;
        return this;
    }

    /** Changes the configuration before it is written. */
    public TestImage changeConfig(Consumer<ObjectNode> change) {
        configChange = change;
        return this;
    }

    /** Changes the manifest before it is written. */
    public TestImage changeManifest(Consumer<ObjectNode> change) {
        manifestChange = change;
        return this;
    }

    /** Docker's media types instead of OCI's. */
    public TestImage docker() {
        docker = true;
        return this;
    }

    String mediaType() {
        return docker
                ? "application/vnd.docker.distribution.manifest.v2+json"
                : "application/vnd.oci.image.manifest.v1+json";
    }

    byte[] configJson() {
        if (rawConfig != null) {
            return rawConfig.getBytes(StandardCharsets.UTF_8);
        }
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("architecture", platform.architecture());
        config.put("os", platform.os());
        if (!platform.variant().isEmpty()) {
            config.put("variant", platform.variant());
        }
        ObjectNode inner = config.putObject("config");
        if (user != null) {
            inner.put("User", user);
        }
        ObjectNode rootfs = config.putObject("rootfs").put("type", "layers");
        ArrayNode diffIds = rootfs.putArray("diff_ids");
        layers.forEach(layer -> diffIds.add(Digest.of(layer.unpacked()).toString()));
        configChange.accept(config);
        return TestImages.json(config);
    }

    /** Puts all parts into the store; returns the manifest. */
    byte[] store(TestImages images) {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", mediaType());
        manifest.set(
                "config",
                images.put(
                        docker
                                ? "application/vnd.docker.container.image.v1+json"
                                : "application/vnd.oci.image.config.v1+json",
                        configJson()));
        ArrayNode list = manifest.putArray("layers");
        for (Blob layer : layers) {
            String type = docker && layer.mediaType().startsWith("application/vnd.oci")
                    ? "application/vnd.docker.image.rootfs.diff.tar.gzip"
                    : layer.mediaType();
            list.add(images.put(type, layer.content()));
        }
        manifestChange.accept(manifest);
        return TestImages.json(manifest);
    }

    /** The layers as stored, lowest first. */
    List<byte[]> layerContents() {
        return layers.stream().map(Blob::content).toList();
    }
}
