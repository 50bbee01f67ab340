/**
 * A certificate's whole life: made, read, written, renewed, served and verified, and who may call by one. Knows the server that
 * shows it by {@link dev.unroot.certificate.CertificateServer} and the cluster that keeps it by
 * {@link dev.unroot.certificate.ClusterCertificates}, and never puts a key into a message.
 *
 * <p>Imports: common, model. Libraries: javax.naming, javax.net.ssl, javax.security.auth, org.bouncycastle, org.slf4j.
 */
@NullMarked
package dev.unroot.certificate;

import org.jspecify.annotations.NullMarked;
