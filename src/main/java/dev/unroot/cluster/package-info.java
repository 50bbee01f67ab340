/**
 * Unroot's view of the cluster it runs in: the connection to the API server, and namespaces' labels kept in memory.
 * Nothing else here knows the fabric8 client.
 *
 * <p>Imports: certificate, common, manifest, model, review. Libraries: com.fasterxml.jackson, com.github.benmanes.caffeine, io.fabric8, javax.net.ssl, org.slf4j.
 */
@NullMarked
package dev.unroot.cluster;

import org.jspecify.annotations.NullMarked;
