package dev.unroot.e2e.cluster;

import java.nio.file.Path;
import java.util.List;

/**
 * The command lines of a control plane whose files are in one folder.
 *
 * @param services the addresses of Services, in CIDR notation
 */
record ControlPlaneCommands(
        Assets assets,
        Path folder,
        String services,
        int etcdPort,
        int etcdPeerPort,
        int apiServerPort,
        int controllerManagerPort) {

    String server() {
        return "https://127.0.0.1:" + apiServerPort;
    }

    Path auditLog() {
        return folder.resolve("audit.log");
    }

    List<String> etcd() {
        String clients = "http://127.0.0.1:" + etcdPort;
        String peers = "http://127.0.0.1:" + etcdPeerPort;
        return List.of(
                assets.program("etcd"),
                "--name=test",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + clients,
                "--advertise-client-urls=" + clients,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=test=" + peers,
                // What is lost with the machine is not missed.
                "--unsafe-no-fsync");
    }

    List<String> apiServer() {
        return List.of(
                assets.program("kube-apiserver"),
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + apiServerPort,
                // Endpoints of the service "kubernetes" may not be on loopback, and nobody here uses it.
                "--endpoint-reconciler-type=none",
                "--service-cluster-ip-range=" + services,
                "--tls-cert-file=" + folder.resolve("apiserver.crt"),
                "--tls-private-key-file=" + folder.resolve("apiserver.key"),
                "--client-ca-file=" + folder.resolve("ca.crt"),
                "--authorization-mode=RBAC",
                "--allow-privileged=true",
                "--service-account-issuer=" + server(),
                "--service-account-signing-key-file=" + folder.resolve("service-account.key"),
                "--service-account-key-file=" + folder.resolve("service-account.key"),
                "--audit-policy-file=" + folder.resolve("audit-policy.yaml"),
                "--audit-log-path=" + auditLog(),
                "--audit-log-mode=blocking-strict",
                // In megabytes: tests under load write many, and look for events in one file.
                "--audit-log-maxsize=100000",
                // Watches end with it: SIGTERM would wait a minute for them.
                "--shutdown-delay-duration=0s",
                "--shutdown-watch-termination-grace-period=1s");
    }

    List<String> controllerManager(Path kubeconfig) {
        return List.of(
                assets.program("kube-controller-manager"),
                "--kubeconfig=" + kubeconfig,
                "--bind-address=127.0.0.1",
                "--secure-port=" + controllerManagerPort,
                "--cert-dir=" + folder.resolve("controller-manager"),
                "--authentication-skip-lookup=true",
                "--leader-elect=false",
                // Nodes are objects without a kubelet: it would call them unreachable, and give them no pods.
                "--controllers=*,-node-lifecycle-controller",
                // Each controller is a ServiceAccount of its own, as in clusters: that is who makes pods.
                "--use-service-account-credentials=true",
                "--service-account-private-key-file=" + folder.resolve("service-account.key"),
                "--root-ca-file=" + folder.resolve("ca.crt"));
    }
}
