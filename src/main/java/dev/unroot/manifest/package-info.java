/**
 * From Kubernetes objects to what is judged: YAML and JSON files as kubectl reads them, which kinds make pods and where
 * their spec stands, and how a pod's securityContext and its containers' merge (here and nowhere else).
 *
 * <p>Imports: common, model. Libraries: com.fasterxml.jackson, org.yaml.snakeyaml.
 */
@NullMarked
package dev.unroot.manifest;

import org.jspecify.annotations.NullMarked;
