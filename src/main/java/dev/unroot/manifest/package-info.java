/**
 * From Kubernetes objects to what is judged: YAML and JSON files as kubectl reads them, which kinds make pods and where
 * their spec stands, and how a pod's securityContext and its containers' merge (here and nowhere else).
 * Imports model.
 */
@NullMarked
package dev.unroot.manifest;

import org.jspecify.annotations.NullMarked;
