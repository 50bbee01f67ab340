package dev.unroot.registry.place;

import dev.unroot.model.ConfiguredFile;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry of {@code imageLookup.registries[]}, key by key. */
public final class TestRegistryOptions {
    private final String host;
    private List<String> mirrors = List.of();
    private HostTls tls = HostTls.STANDARD;
    private boolean plainHttp;
    private boolean allowPrivate;
    private @Nullable ConfiguredFile credentials;
    private List<String> tokenServices = List.of();

    private TestRegistryOptions(String host) {
        this.host = host;
    }

    public static TestRegistryOptions of(String host) {
        return new TestRegistryOptions(host);
    }

    /** The same, to be changed. */
    public static TestRegistryOptions from(RegistryOptions options) {
        TestRegistryOptions same = of(options.host());
        same.mirrors = options.mirrors();
        same.tls = options.tls();
        same.plainHttp = options.plainHttp();
        same.allowPrivate = options.allowPrivate();
        same.credentials = options.credentials();
        same.tokenServices = options.tokenServices();
        return same;
    }

    public TestRegistryOptions withMirrors(String... inOrder) {
        mirrors = List.of(inOrder);
        return this;
    }

    public TestRegistryOptions withCaFile(Path file) {
        return withTls(new HostTls(new ConfiguredFile(file, "caFile"), tls.clientCertificate()));
    }

    public TestRegistryOptions withTls(HostTls other) {
        tls = other;
        return this;
    }

    public TestRegistryOptions withPlainHttp() {
        plainHttp = true;
        return this;
    }

    public TestRegistryOptions withAllowPrivate() {
        allowPrivate = true;
        return this;
    }

    public TestRegistryOptions withCredentials(Path file) {
        credentials = new ConfiguredFile(file, "credentials");
        return this;
    }

    public TestRegistryOptions withTokenServices(String... hosts) {
        tokenServices = List.of(hosts);
        return this;
    }

    public RegistryOptions build() {
        return new RegistryOptions(host, mirrors, tls, plainHttp, allowPrivate, credentials, tokenServices);
    }
}
