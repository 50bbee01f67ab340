package dev.unroot.registry.http;

import dev.unroot.certificate.DiagnosingTrustManager;
import dev.unroot.registry.place.HostTls;
import dev.unroot.registry.place.RegistryOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** How TLS is spoken: by the JDK's list of CAs, and for a host with files of its own by those too. */
public final class Trust {
    private final ClientSSLOptions standard = believing(CaFile.standard());
    private final Map<HostTls, TlsFiles> byFiles = new HashMap<>();

    /**
     * Reads every file now.
     *
     * @throws IllegalArgumentException with a line for each that cannot be used
     */
    public Trust(List<RegistryOptions> configured) {
        List<String> problems = new ArrayList<>();
        for (RegistryOptions options : configured) {
            HostTls tls = options.tls();
            if (tls.equals(HostTls.STANDARD) || byFiles.containsKey(tls)) {
                continue;
            }
            try {
                byFiles.put(tls, new TlsFiles(tls));
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
    }

    ClientSSLOptions of(RegistryOptions options) {
        TlsFiles files = byFiles.get(options.tls());
        return files == null ? standard : files.options();
    }

    /** @param trusted who is believed */
    static ClientSSLOptions believing(TrustManagerFactory trusted) {
        TrustManager[] telling = DiagnosingTrustManager.of(trusted.getTrustManagers());
        return new ClientSSLOptions()
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(TrustOptions.wrap(telling[0]));
    }
}
