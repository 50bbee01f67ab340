package dev.unroot.e2e.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A pod's volumes as folders: of the kinds configMap, secret, emptyDir, and the token that API servers add. */
final class PodVolumes {
    private static final int DEFAULT_MODE = 0644;
    private static final int WRITABLE = 02777;

    private final KubernetesClient admin;
    private final Pod pod;
    private final Path folder;
    private final int group;
    private final Map<String, AtomicVolume> volumes = new LinkedHashMap<>();
    private String token = "";

    /** Something that a volume is made of is not there: the kubelet would wait for it. */
    static final class MissingException extends Exception {
        private static final long serialVersionUID = 1L;

        MissingException(String what) {
            super(what + " not found");
        }
    }

    /** @param folder of this pod's own */
    PodVolumes(KubernetesClient admin, Pod pod, Path folder) {
        this.admin = admin;
        this.pod = pod;
        this.folder = folder;
        Long fsGroup = pod.getSpec().getSecurityContext().getFsGroup();
        this.group = fsGroup == null ? 0 : fsGroup.intValue();
    }

    Path path(String volume) {
        return folder.resolve(volume);
    }

    /** Makes them, or brings them up to date. */
    void write() throws IOException, MissingException {
        for (Volume volume : pod.getSpec().getVolumes()) {
            write(volume);
        }
    }

    private void write(Volume volume) throws IOException, MissingException {
        if (volume.getEmptyDir() != null) {
            if (!Files.exists(path(volume.getName()))) {
                Path made = Files.createDirectories(path(volume.getName()));
                Files.setAttribute(made, "unix:gid", group);
                Files.setAttribute(made, "unix:mode", WRITABLE);
            }
        } else if (volume.getConfigMap() != null) {
            files(volume)
                    .write(
                            configMap(
                                    volume.getConfigMap().getName(),
                                    volume.getConfigMap().getItems()),
                            mode(volume.getConfigMap().getDefaultMode()));
        } else if (volume.getSecret() != null) {
            files(volume)
                    .write(
                            secret(volume.getSecret().getSecretName()),
                            mode(volume.getSecret().getDefaultMode()));
        } else if (volume.getProjected() != null) {
            Map<String, String> files = new TreeMap<>();
            for (VolumeProjection source : volume.getProjected().getSources()) {
                files.putAll(projected(source));
            }
            files(volume).write(files, mode(volume.getProjected().getDefaultMode()));
        } else {
            throw new AssertionError("this node knows no volume like " + volume);
        }
    }

    private AtomicVolume files(Volume volume) throws IOException {
        AtomicVolume known = volumes.get(volume.getName());
        if (known == null) {
            known = new AtomicVolume(path(volume.getName()), group);
            volumes.put(volume.getName(), known);
        }
        return known;
    }

    private static int mode(Integer given) {
        return given == null ? DEFAULT_MODE : given;
    }

    private String namespace() {
        return pod.getMetadata().getNamespace();
    }

    private Map<String, String> configMap(String name, List<KeyToPath> items) throws MissingException {
        ConfigMap map =
                admin.configMaps().inNamespace(namespace()).withName(name).get();
        if (map == null) {
            throw new MissingException("configmap \"" + name + "\"");
        }
        Map<String, String> files = new TreeMap<>();
        map.getData().forEach((key, text) -> files.put(key, bytes(text.getBytes(StandardCharsets.UTF_8))));
        if (items.isEmpty()) {
            return files;
        }
        Map<String, String> chosen = new TreeMap<>();
        for (KeyToPath item : items) {
            if (!files.containsKey(item.getKey())) {
                throw new MissingException("key " + item.getKey() + " of configmap \"" + name + "\"");
            }
            chosen.put(item.getPath(), files.get(item.getKey()));
        }
        return chosen;
    }

    private Map<String, String> secret(String name) throws MissingException {
        Secret secret = admin.secrets().inNamespace(namespace()).withName(name).get();
        if (secret == null) {
            throw new MissingException("secret \"" + name + "\"");
        }
        Map<String, String> files = new TreeMap<>();
        secret.getData()
                .forEach((key, base64) ->
                        files.put(key, bytes(Base64.getDecoder().decode(base64))));
        return files;
    }

    /** One character a byte: what {@link AtomicVolume} writes. */
    private static String bytes(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private Map<String, String> projected(VolumeProjection source) throws MissingException {
        if (source.getServiceAccountToken() != null) {
            if (token.isEmpty()) {
                token = token(source.getServiceAccountToken().getExpirationSeconds());
            }
            return Map.of(source.getServiceAccountToken().getPath(), token);
        }
        if (source.getConfigMap() != null) {
            return configMap(
                    source.getConfigMap().getName(), source.getConfigMap().getItems());
        }
        if (source.getDownwardAPI() != null) {
            Map<String, String> files = new TreeMap<>();
            source.getDownwardAPI().getItems().forEach(item -> {
                if (!item.getFieldRef().getFieldPath().equals("metadata.namespace")) {
                    throw new AssertionError("this node knows no field like " + item);
                }
                files.put(item.getPath(), namespace());
            });
            return files;
        }
        throw new AssertionError("this node knows no projection like " + source);
    }

    /** Good for as long as the pod is there. */
    private String token(Long seconds) {
        return admin.serviceAccounts()
                .inNamespace(namespace())
                .withName(pod.getSpec().getServiceAccountName())
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(seconds)
                        .withNewBoundObjectRef(
                                "v1",
                                "Pod",
                                pod.getMetadata().getName(),
                                pod.getMetadata().getUid())
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }
}
