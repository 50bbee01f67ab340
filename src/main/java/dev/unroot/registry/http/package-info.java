/**
 * One request and its response: sent to a checked address, over TLS as configured for the host, redirects followed, rate
 * limits kept, bodies within bounds.
 *
 * <p>Imports: certificate, common, model, registry, registry.credentials, registry.place. Libraries: com.github.benmanes.caffeine, io.netty, io.vertx, javax.net.ssl, org.slf4j.
 */
@NullMarked
package dev.unroot.registry.http;

import org.jspecify.annotations.NullMarked;
