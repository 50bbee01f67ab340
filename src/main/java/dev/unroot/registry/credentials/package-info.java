/**
 * Which credentials a pull may show, as the kubelet finds them: pull secrets, docker configs, credential helpers.
 * Imports registry, registry.remote, review and model. What is in a Secret leaves this package as a Proof and no other way.
 */
@NullMarked
package dev.unroot.registry.credentials;

import org.jspecify.annotations.NullMarked;
