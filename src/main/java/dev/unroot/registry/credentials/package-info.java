/**
 * Which credentials a pull may show, as the kubelet finds them: pull secrets, docker configs, credential helpers. What is in
 * a Secret leaves this room as an AuthConfig and no other way.
 *
 * <p>Imports: common, model, registry, registry.documents, review. Libraries: com.fasterxml.jackson, com.github.benmanes.caffeine, javax.crypto, org.slf4j.
 */
@NullMarked
package dev.unroot.registry.credentials;

import org.jspecify.annotations.NullMarked;
