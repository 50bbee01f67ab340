package dev.unroot.certificate;

import java.util.List;

/** A Service, by whose name API servers call a webhook (SNI and the name they verify). */
public record ServiceName(String namespace, String name) {
    /** What the certificate has to be for: {@code SERVICE.NAMESPACE.svc}. */
    public String host() {
        return name + "." + namespace + ".svc";
    }

    /** The same, and its long form, which people use. */
    List<String> hosts() {
        return List.of(host(), host() + ".cluster.local");
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
