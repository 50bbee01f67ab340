package dev.unroot.registry.http;

import dev.unroot.certificate.TlsFailure;
import dev.unroot.model.UnknownCause;

/** What to do about a TLS failure of a registry, a mirror, a token service or whoever they redirect to. */
final class TlsRemedies {
    private TlsRemedies() {}

    /** As {@link UnknownCause#fix}. */
    static String of(TlsFailure.Kind kind) {
        return switch (kind) {
            case EXPIRED -> "Have whoever runs it renew that certificate";
            case NOT_YET_VALID -> "Look at the clocks, there and on this node";
            case WRONG_NAME, NAME_NOT_SERVED ->
                "Use a name that its certificate is for, or have one made for this name";
            case COMMON_NAME_ONLY ->
                "Have its certificate made again with its name among the subject alternative names";
            case UNKNOWN_CA, SELF_SIGNED, UNSPECIFIED -> UnknownCause.TLS.fix();
            case UNKNOWN_ISSUER -> UnknownCause.TLS.fix() + ", or have it send its whole chain";
            case OTHER_CA_OF_THAT_NAME -> "Put the CA that it has now into caFile under imageLookup.registries";
            case WRONG_PURPOSE -> "Have its certificate made again for servers (extended key usage serverAuth)";
            case WEAK ->
                "Have its certificate made again with a key and a signature of today (RSA 2048 or EC, SHA-256)";
            case REVOKED -> "Have whoever runs it get another certificate";
            case BROKEN_CHAIN, UNREADABLE -> "Have whoever runs it mend its chain of certificates";
            case NO_TLS -> "Correct host and port, or set plainHttp for that host under imageLookup.registries";
            case TLS_ONLY -> "Remove plainHttp of that host under imageLookup.registries";
            case CLIENT_CERTIFICATE_MISSING ->
                "Set clientCertFile and clientKeyFile of that host under imageLookup.registries";
            case CLIENT_CERTIFICATE_REFUSED ->
                "Put a client certificate that it takes into clientCertFile of that host under imageLookup.registries";
            case OLD_PROTOCOL -> "Have whoever runs it allow TLS 1.2 or 1.3";
            case NOTHING_IN_COMMON ->
                "Have whoever runs it allow ciphers of today, or set clientCertFile of that host under"
                        + " imageLookup.registries";
        };
    }
}
