package dev.unroot.registry.layout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells what holds images, or once did, in a form that is not read here, and what to make of it instead. */
final class UnsupportedForm {
    private static final String INSTEAD = "; write one with skopeo copy … oci:DIR:NAME";
    private static final String FOLDER_OF_SKOPEO = "Directory Transport Version";
    private static final int MOST_FOLDERS = 3;

    private UnsupportedForm() {}

    /** A clause that names the form; null where it is none that is known. */
    static @Nullable String of(LayoutFiles files, Path path) throws IOException {
        if (files.has("version") && files.has("manifest.json") && begins(files, "version", FOLDER_OF_SKOPEO)) {
            return "it is of skopeo's dir: form, which has no place for the image's name" + INSTEAD;
        }
        if (hasAny(files, "overlay-images/images.json", "vfs-images/images.json", "overlay-images", "overlay-layers")) {
            return "it is containers-storage, where Podman and CRI-O keep images" + INSTEAD;
        }
        if (hasAny(files, "image/overlay2", "overlay2")) {
            return "it is the data of Docker's daemon; write an archive with docker save -o FILE IMAGE";
        }
        if (hasAny(files, "io.containerd.content.v1.content", "meta.db") || files.has("ingest") && files.has("blobs")) {
            return "it is containerd's own store; write an archive with ctr images export FILE IMAGE";
        }
        if (files.has("config.json") && files.has("rootfs")) {
            return "it is a bundle for a runtime, unpacked from an image" + INSTEAD;
        }
        if (hasAny(files, "etc/passwd", "etc/os-release", "bin/sh", "usr/bin/env")) {
            return "it is a root file system, which does not say which user it runs as; take the image itself"
                    + INSTEAD;
        }
        if (files.has("index.json") && files.has("blobs")) {
            return "it looks like an OCI image layout whose file oci-layout is missing: it holds"
                    + " {\"imageLayoutVersion\": \"1.0.0\"}";
        }
        return Files.isDirectory(path) ? folders(path) : null;
    }

    /** What to say of a file that is no tar. */
    static @Nullable String ofFile(Path file) throws IOException {
        byte[] magic;
        try (InputStream in = Files.newInputStream(file)) {
            magic = in.readNBytes(4);
        }
        if (magic.length > 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
            return "it is compressed by gzip: unpack it with gunzip first";
        }
        boolean zstd = magic.length == 4
                && magic[0] == 0x28
                && magic[1] == (byte) 0xb5
                && magic[2] == 0x2f
                && magic[3] == (byte) 0xfd;
        return zstd ? "it is compressed by zstd: unpack it with unzstd first" : null;
    }

    private static boolean hasAny(LayoutFiles files, String... names) {
        return Stream.of(names).anyMatch(files::has);
    }

    private static boolean begins(LayoutFiles files, String name, String text) throws IOException {
        try (InputStream in = files.open(name)) {
            return new String(in.readNBytes(text.length()), StandardCharsets.US_ASCII).equals(text);
        }
    }

    private static @Nullable String folders(Path path) throws IOException {
        List<Path> layouts;
        try (Stream<Path> children = Files.list(path)) {
            layouts = children.filter(child -> Files.exists(child.resolve(OciLayoutIndex.MARKER)))
                    .sorted()
                    .limit(MOST_FOLDERS)
                    .toList();
        }
        if (layouts.isEmpty()) {
            return null;
        }
        return "it holds image layouts in folders: name one of them, "
                + layouts.stream()
                        .map(layout -> String.valueOf(layout.getFileName()))
                        .collect(Collectors.joining(", "));
    }
}
