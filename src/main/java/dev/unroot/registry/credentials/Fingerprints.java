package dev.unroot.registry.credentials;

import dev.unroot.registry.CredentialKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names credentials by an HMAC under a key that this process has drawn and keeps for itself: equal for equal ones, and of no
 * use to whoever would test guesses of a password against it.
 */
final class Fingerprints {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;

    Fingerprints() {
        byte[] drawn = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(drawn);
        key = new SecretKeySpec(drawn, ALGORITHM);
    }

    CredentialKey of(AuthConfig authConfig) {
        List<String> parts;
        if (authConfig instanceof AuthConfig.Password password) {
            parts = List.of("password", password.username(), password.password());
        } else if (authConfig instanceof AuthConfig.IdentityToken token) {
            parts = List.of("identity", token.token());
        } else if (authConfig instanceof AuthConfig.RegistryToken token) {
            parts = List.of("registry", token.token());
        } else {
            return CredentialKey.ANYONE;
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
                mac.update(bytes);
            }
            return new CredentialKey("secret-" + HexFormat.of().formatHex(mac.doFinal()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks " + ALGORITHM, e);
        }
    }
}
