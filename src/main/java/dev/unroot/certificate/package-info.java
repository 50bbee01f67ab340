/**
 * Certificates and their keys: made, read, written, verified, and when which is due. Knows no server and no cluster, and
 * never puts a key into a message.
 *
 * <p>Imports: none. Libraries: javax.net.ssl, javax.security.auth, org.bouncycastle.
 */
@NullMarked
package dev.unroot.certificate;

import org.jspecify.annotations.NullMarked;
