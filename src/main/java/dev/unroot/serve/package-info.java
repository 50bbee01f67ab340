/**
 * One run of {@code serve}: how it starts, follows its configuration and the cluster, and ends.
 *
 * <p>Imports: certificate, cluster, command, common, configuration, model, policy, registry.cache, registry.documents, registry.layer, registry.place, review, webhook. Libraries: com.sun.management, io.micrometer, io.vertx, org.slf4j.
 */
@NullMarked
package dev.unroot.serve;

import org.jspecify.annotations.NullMarked;
