package dev.unroot.cluster;

import dev.unroot.cluster.ObjectCache.Key;
import dev.unroot.common.Text;
import dev.unroot.review.PullSecret;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes of a Secret what images are pulled with, and of any other Secret nothing but its type.
 *
 * <p>Source: kubelet, {@code pkg/credentialprovider/secrets/secrets.go}: the type decides which key is read.
 */
final class PullSecretParser implements BiFunction<Key, byte[], ReadResult<PullSecret>> {
    /** Room for thousands of registries. A Secret may hold 1 MiB. */
    static final int LONGEST_CONFIG = 256 << 10;

    private static final Map<String, String> KEY_BY_TYPE = Map.of(
            "kubernetes.io/dockerconfigjson", ".dockerconfigjson",
            "kubernetes.io/dockercfg", ".dockercfg");

    private final ApiReader api;

    PullSecretParser(ApiReader api) {
        this.api = api;
    }

    @Override
    public ReadResult<PullSecret> apply(Key key, byte[] body) {
        Secret secret = api.parse(body, Secret.class);
        String type = secret.getType() == null ? "Opaque" : secret.getType();
        String field = KEY_BY_TYPE.get(type);
        if (field == null) {
            return useless(key, "is of type " + Text.plain(type) + ", and no image is pulled with that");
        }
        String encoded = secret.getData() == null ? null : secret.getData().get(field);
        if (encoded != null && encoded.length() / 4 * 3 > LONGEST_CONFIG) {
            return useless(key, "is larger than " + LONGEST_CONFIG / 1024 + " KiB, which no pull secret needs to be");
        }
        return new ReadResult.Known<>(new PullSecret(key.name(), type, decode(encoded)));
    }

    private static String decode(@Nullable String encoded) {
        return encoded == null ? "" : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    private static ReadResult<PullSecret> useless(Key key, String why) {
        return new ReadResult.Useless<>("Secret " + key + " " + why, ObjectReads.SOON);
    }
}
