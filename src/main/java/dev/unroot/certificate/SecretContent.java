package dev.unroot.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the Secret of a self-managed certificate holds. {@code ca.crt}: every CA to be trusted, the newest first;
 * {@code ca.key}: the key of that one; {@code tls.crt} and {@code tls.key}: what is served. Not a record, lest it be printed.
 */
public final class SecretContent {
    /** Nothing yet, as the Secret is created. */
    public static final SecretContent EMPTY = new SecretContent(null, CaBundle.EMPTY, null, List.of());

    private static final String CA = "ca.crt";
    private static final String CA_KEY = "ca.key";
    private static final String SERVER = "tls.crt";
    private static final String SERVER_KEY = "tls.key";

    private final @Nullable CertifiedKey authority;
    private final CaBundle trusted;
    private final @Nullable CertifiedKey server;
    private final List<String> problems;

    private SecretContent(
            @Nullable CertifiedKey authority, CaBundle trusted, @Nullable CertifiedKey server, List<String> problems) {
        this.authority = authority;
        this.trusted = trusted;
        this.server = server;
        this.problems = List.copyOf(problems);
    }

    SecretContent(CertifiedKey authority, CaBundle trusted, CertifiedKey server) {
        this(authority, trusted, server, List.of());
    }

    /**
     * Takes what can be used; the rest is told by {@link #problems}.
     *
     * @param data as a Secret has it, in base64
     */
    public static SecretContent read(Map<String, String> data) {
        List<String> problems = new ArrayList<>(0);
        CaBundle trusted = bundle(data, problems);
        CertifiedKey pair = pair(data, CA, CA_KEY, problems);
        // A CA is only one if it is trusted too.
        CertifiedKey authority = trusted.certificates().isEmpty() ? null : pair;
        CertifiedKey server = pair(data, SERVER, SERVER_KEY, problems);
        return new SecretContent(authority, trusted, server, problems);
    }

    private static CaBundle bundle(Map<String, String> data, List<String> problems) {
        if (isEmpty(data, CA)) {
            return CaBundle.EMPTY;
        }
        try {
            return CaBundle.parse(text(data, CA).getBytes(UTF_8));
        } catch (IllegalArgumentException e) {
            problems.add(CA + " cannot be read");
            return CaBundle.EMPTY;
        }
    }

    private static @Nullable CertifiedKey pair(
            Map<String, String> data, String certificate, String key, List<String> problems) {
        if (isEmpty(data, certificate) && isEmpty(data, key)) {
            return null;
        }
        if (isEmpty(data, certificate) || isEmpty(data, key)) {
            problems.add((isEmpty(data, key) ? key : certificate) + " is missing");
            return null;
        }
        try {
            return Pem.pair(new Pem(certificate, text(data, certificate)), new Pem(key, text(data, key)));
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Not its message: it could quote the text.
            problems.add(certificate + " or " + key + " cannot be read");
        }
        return null;
    }

    private static boolean isEmpty(Map<String, String> data, String key) {
        String value = data.get(key);
        return value == null || value.isEmpty();
    }

    private static String text(Map<String, String> data, String key) {
        return new String(Base64.getDecoder().decode(data.getOrDefault(key, "")), UTF_8);
    }

    /** For the Secret, in base64. */
    public Map<String, String> data() {
        Map<String, String> data = new TreeMap<>();
        put(data, CA, trusted.pem());
        if (authority != null) {
            put(data, CA_KEY, authority.keyPem());
        }
        if (server != null) {
            put(data, SERVER, server.chainPem());
            put(data, SERVER_KEY, server.keyPem());
        }
        return data;
    }

    private static void put(Map<String, String> data, String key, String text) {
        data.put(key, Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
    }

    /** Signs; null where the Secret holds none that can be used. Its chain may hold the older ones too. */
    @Nullable
    CertifiedKey authority() {
        return authority;
    }

    /** What {@code caBundle} has to be: every CA to be trusted. */
    public CaBundle trusted() {
        return trusted;
    }

    /** What to serve; null where the Secret holds none that can be used. */
    public @Nullable CertifiedKey server() {
        return server;
    }

    /** What could not be used, half a sentence each, without a word of what it holds. */
    public List<String> problems() {
        return problems;
    }
}
