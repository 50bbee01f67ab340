/**
 * Where a registry is: hosts and their rules, mirrors, proxies, and which addresses a stranger's reference may reach.
 *
 * <p>Imports: certificate, common, model, registry, review. Libraries: com.github.benmanes.caffeine, io.vertx, org.slf4j.
 */
@NullMarked
package dev.unroot.registry.place;

import org.jspecify.annotations.NullMarked;
