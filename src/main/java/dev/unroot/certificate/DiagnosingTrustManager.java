package dev.unroot.certificate;

import dev.unroot.certificate.TlsFailure.Kind;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Believes whom another trust manager believes, and says of others why not, by their certificates: Java itself has one
 * sentence for whatever leads to no CA.
 *
 * <p>One thing more it does not believe: a certificate without subject alternative names. Java falls back to the common name;
 * Go, and so every container runtime and kubectl, has not done so since 1.15.
 */
public final class DiagnosingTrustManager extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager judge;

    private DiagnosingTrustManager(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    /** The same trust managers, those among them that verify X.509 telling why they refuse. */
    public static TrustManager[] of(TrustManager... managers) {
        TrustManager[] telling = managers.clone();
        for (int i = 0; i < telling.length; i++) {
            if (telling[i] instanceof X509ExtendedTrustManager judge) {
                telling[i] = new DiagnosingTrustManager(judge);
            }
        }
        return telling;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            judge.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw refused(chain, e);
        }
        requireNames(chain, engine.getSSLParameters());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        try {
            judge.checkServerTrusted(chain, authType, socket);
        } catch (CertificateException e) {
            throw refused(chain, e);
        }
        requireNames(chain, socket instanceof SSLSocket tls ? tls.getSSLParameters() : null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            judge.checkServerTrusted(chain, authType);
        } catch (CertificateException e) {
            throw refused(chain, e);
        }
    }

    private static void requireNames(X509Certificate[] chain, @Nullable SSLParameters parameters)
            throws CertificateException {
        boolean byName = parameters != null
                && parameters.getEndpointIdentificationAlgorithm() != null
                && !parameters.getEndpointIdentificationAlgorithm().isEmpty();
        if (byName && !hasNames(chain[0])) {
            throw new RefusedCertificate(TlsFailure.of(Kind.COMMON_NAME_ONLY));
        }
    }

    private static boolean hasNames(X509Certificate certificate) {
        try {
            return certificate.getSubjectAlternativeNames() != null;
        } catch (CertificateParsingException e) {
            return true;
        }
    }

    private RefusedCertificate refused(X509Certificate[] chain, CertificateException refusal) {
        TlsFailure told = TlsFailure.in(refusal, false);
        Kind kind = told == null ? Kind.UNSPECIFIED : told.kind();
        return new RefusedCertificate(
                chain.length == 0 ? TlsFailure.of(kind) : lookedAt(List.of(chain), kind, Instant.now()), refusal);
    }

    private TlsFailure lookedAt(List<X509Certificate> chain, Kind kind, Instant now) {
        return switch (kind) {
            case EXPIRED, NOT_YET_VALID -> outOfTime(chain, kind, now);
            case WRONG_NAME -> TlsFailure.of(hasNames(chain.get(0)) ? kind : Kind.COMMON_NAME_ONLY);
            case UNKNOWN_CA, BROKEN_CHAIN -> untrusted(chain, kind, now);
            default -> TlsFailure.of(kind);
        };
    }

    private static TlsFailure outOfTime(List<X509Certificate> chain, Kind kind, Instant now) {
        for (X509Certificate certificate : chain) {
            String whose = certificate.equals(chain.get(0)) ? "its certificate" : "a CA's certificate that it sends";
            Instant end = certificate.getNotAfter().toInstant();
            if (now.isAfter(end)) {
                return new TlsFailure(Kind.EXPIRED, whose + " expired at " + end);
            }
            Instant start = certificate.getNotBefore().toInstant();
            if (now.isBefore(start)) {
                return new TlsFailure(Kind.NOT_YET_VALID, whose + " is not valid before " + start);
            }
        }
        return TlsFailure.of(kind);
    }

    /** Java takes no path through a certificate that is out of time, and then says that there is none. */
    private TlsFailure untrusted(List<X509Certificate> chain, Kind kind, Instant now) {
        X509Certificate last = chain.get(chain.size() - 1);
        boolean selfSigned = last.getIssuerX500Principal().equals(last.getSubjectX500Principal());
        List<X509Certificate> namesakes = List.of(judge.getAcceptedIssuers()).stream()
                .filter(known -> known.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
                .toList();
        if (!namesakes.isEmpty()) {
            if (namesakes.stream().noneMatch(known -> hasSigned(known, last))) {
                return TlsFailure.of(Kind.OTHER_CA_OF_THAT_NAME);
            }
            boolean inTime = chain.stream().allMatch(certificate -> Verification.isWithin(certificate, now));
            return inTime ? TlsFailure.of(Kind.BROKEN_CHAIN) : outOfTime(chain, kind, now);
        }
        if (kind == Kind.BROKEN_CHAIN) {
            return TlsFailure.of(kind);
        }
        if (chain.size() == 1) {
            return TlsFailure.of(selfSigned ? Kind.SELF_SIGNED : Kind.UNKNOWN_ISSUER);
        }
        return TlsFailure.of(Kind.UNKNOWN_CA);
    }

    private static boolean hasSigned(X509Certificate issuer, X509Certificate certificate) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }
}
