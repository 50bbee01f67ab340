/**
 * Unroot called by a real API server: etcd, kube-apiserver and kube-controller-manager on loopback, a real registry, and
 * the webhook as processes of its own.
 */
package dev.unroot.e2e.cluster;
