package dev.unroot.certificate;

import java.security.cert.CertificateException;

/** A server's certificate was not believed, with what was found out about it. */
final class RefusedCertificate extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final transient TlsFailure failure;

    RefusedCertificate(TlsFailure failure, CertificateException cause) {
        super(failure.clause(), cause);
        this.failure = failure;
    }

    RefusedCertificate(TlsFailure failure) {
        super(failure.clause());
        this.failure = failure;
    }

    TlsFailure failure() {
        return failure;
    }
}
