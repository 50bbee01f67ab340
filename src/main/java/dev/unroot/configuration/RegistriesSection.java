package dev.unroot.configuration;

import dev.unroot.model.ConfiguredFile;
import dev.unroot.registry.place.ClientCertificate;
import dev.unroot.registry.place.HostTls;
import dev.unroot.registry.place.RegistryOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code imageLookup.registries} of the configuration file. */
final class RegistriesSection {
    private RegistriesSection() {}

    static List<RegistryOptions> read(Section imageLookup, Problems problems) {
        List<RegistryOptions> registries = new ArrayList<>();
        Set<String> hosts = new HashSet<>();
        for (Section registry : imageLookup.sectionList("registries")) {
            RegistryOptions options = registry(registry, problems);
            if (options == null) {
                continue;
            }
            if (!hosts.add(options.host().toLowerCase(Locale.ROOT))) {
                problems.add(registry.line(), "imageLookup.registries has " + options.host() + " twice: remove one");
            }
            if (options.mirrors().contains(options.host())) {
                problems.add(registry.line(), options.host() + " is its own mirror: it is asked last in any case");
            }
            registries.add(options);
        }
        return registries;
    }

    private static @Nullable RegistryOptions registry(Section registry, Problems problems) {
        String host = registry.required("host", ConfigurationValue::host);
        List<String> mirrors = registry.list("mirrors", List.of(), RegistryOptions::mirror);
        HostTls tls = tls(registry, problems);
        boolean plainHttp = registry.value("plainHttp", false, ConfigurationValue::bool);
        boolean allowPrivate = registry.value("allowPrivate", false, ConfigurationValue::bool);
        ConfiguredFile credentials = ConfigurationValue.file(registry, "credentials");
        List<String> tokenServices = registry.list("tokenServices", List.of(), ConfigurationValue::host);
        registry.end();
        return host == null
                ? null
                : new RegistryOptions(host, mirrors, tls, plainHttp, allowPrivate, credentials, tokenServices);
    }

    private static HostTls tls(Section registry, Problems problems) {
        ConfiguredFile caFile = ConfigurationValue.file(registry, "caFile");
        ConfiguredFile certFile = ConfigurationValue.file(registry, "clientCertFile");
        ConfiguredFile keyFile = ConfigurationValue.file(registry, "clientKeyFile");
        if ((certFile == null) != (keyFile == null)) {
            problems.add(
                    registry.line(),
                    "an entry of imageLookup.registries needs clientCertFile and clientKeyFile together");
        }
        ClientCertificate certificate =
                certFile == null || keyFile == null ? null : new ClientCertificate(certFile, keyFile);
        return new HostTls(caFile, certificate);
    }
}
