package dev.unroot.review;

/**
 * One Secret that images may be pulled with, as the cluster holds it: nobody has looked into it yet.
 *
 * @param name within the namespace of the pod that pulls
 * @param type {@code kubernetes.io/dockerconfigjson} or {@code kubernetes.io/dockercfg}; anything else is no pull secret
 * @param config the value under {@code .dockerconfigjson} or {@code .dockercfg}, whichever the type says; empty where the
 *     Secret has no such key. Holds passwords, so this record does not print it
 */
public record PullSecret(String name, String type, String config) {
    @Override
    public String toString() {
        return "PullSecret[" + name + "]";
    }
}
