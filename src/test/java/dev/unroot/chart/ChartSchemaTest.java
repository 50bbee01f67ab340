package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that cannot be meant are refused before anything is installed, in words that say where and what. */
class ChartSchemaTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mod: warn                                   | at '': additional properties 'mod' not allowed",
                "mode: deny                                  | at '/mode': value must be one of 'audit', 'warn', 'enforce'",
                "level: none                                 | at '/level': value must be one of 'nonroot', 'hardened', 'explicit'",
                "config: {defaults: {enforce: nonroot}}      | at '/config/defaults': value must be 'left out: set mode and level instead'",
                "config: {certificates: {certFile: /tls}}    | at '/config/certificates/certFile': value must be 'left out: the chart writes it'",
                "config: {kind: UnrootConfiguration}         | at '/config/kind': value must be 'left out: the chart writes it'",
                "config: {namespaces: {shop: {}}}            | at '/config/namespaces': value must be 'left out: in a cluster the labels of namespaces say it'",
                "config: {flor: none}                        | at '/config': additional properties 'flor' not allowed",
                "config: {imageLookup: {timout: 3s}}         | at '/config/imageLookup': additional properties 'timout' not allowed",
                "config: {imageLookup: {trustTags: ghcr.io}} | at '/config/imageLookup/trustTags': got string, want array",
                "config: {leaderElection: {leaseName: x}}    | at '/config/leaderElection/leaseName': value must be 'left out: the chart writes it'",
                "image: {repository: 'r.example/unroot:1'}   | at '/image/repository': 'r.example/unroot:1' does not match pattern",
                "webhook: {port: 8080}                       | webhook.port and management.port are both 8080: give each a port of its own",
                "certificates: {existingSecret: {name: a}}   | certificates.existingSecret.name is set and certificates.source is self-managed: set it to existing-secret",
                "config: {shutdown: {drainDelay: 1m}}        | terminationGracePeriodSeconds is 30, and a drainDelay of 1m with 15 seconds for what is in flight takes 75",
                "terminationGracePeriodSeconds: 24           | terminationGracePeriodSeconds is 24, and a drainDelay of 10s with 15 seconds for what is in flight takes 25",
                "config: {floor: high}                       | at '/config/floor': value must be one of 'none', 'nonroot', 'hardened', 'explicit'",
                "config: {workloads: {custom: [{kind: A}]}}  | at '/config/workloads/custom/0': missing properties 'apiVersion', 'podTemplate'",
                "config: {workloads: {enforced: true}}       | at '/config/workloads': additional properties 'enforced' not allowed",
                "config: {workloads: {custom: [{apiVersion: a/b/c, kind: A, podTemplate: spec}]}}        | at '/config/workloads/custom/0/apiVersion': 'a/b/c' does not match pattern",
                "config: {workloads: {custom: [{apiVersion: a.b/v1, kind: rolls, podTemplate: spec}]}}   | at '/config/workloads/custom/0/kind': 'rolls' does not match pattern",
                "config: {workloads: {custom: [{apiVersion: a.b/v1, kind: A, podTemplate: 'spec.a[0]'}]}} | at '/config/workloads/custom/0/podTemplate': 'spec.a[0]' does not match pattern",
                "config: {imageLookup: {pullSecrets: {}}}    | at '/config/imageLookup/pullSecrets': value must be 'left out: set pullSecrets beside config instead'",
                "pullSecrets: everywhere                     | at '/pullSecrets': value must be one of 'off', false, 'cluster'",
                "pullSecrets: {namespace: [shop]}            | at '/pullSecrets': missing property 'namespaces'",
                "pullSecrets: {namespaces: []}               | at '/pullSecrets/namespaces': minItems: got 0, want 1",
                "excludedNamespaces: [Kube_System]           | at '/excludedNamespaces/0': 'Kube_System' does not match pattern",
                "replicas: two                               | at '/replicas': got string, want integer",
                "image: {repository: r, digest: abc}         | at '/image/digest': 'abc' does not match pattern '^(sha256:[0-9a-f]{64})?$'",
                "image: {repository: r, name: x}             | at '/image': additional properties 'name' not allowed",
                "image: {tag: '1'}                           | at '/image': missing property 'repository'",
                "webhook: {timeoutSeconds: 31}               | at '/webhook/timeoutSeconds': maximum: got 31, want 30",
                "webhook: {port: 443}                        | at '/webhook/port': minimum: got 443, want 1,024",
                "certificates: {source: files}               | at '/certificates/source': value must be one of 'self-managed', 'cert-manager', 'existing-secret'",
                "certificates: {source: existing-secret}     | at '/certificates/existingSecret/name': minLength: got 0, want 1",
                "terminationGracePeriodSeconds: 10           | at '/terminationGracePeriodSeconds': minimum: got 10, want 16",
                "networkPolicy: {webhookCIDRs: [10.0.0.5]}   | at '/networkPolicy/webhookCIDRs/0': '10.0.0.5' does not match pattern",
                "networkPolicy: {exceptCIDRs: [metadata]}    | at '/networkPolicy/exceptCIDRs/0': 'metadata' does not match pattern",
                "config: {imageLookup: {onUnverified: ignore}} | at '/config/imageLookup/onUnverified': value must be one of 'deny', 'warn', 'allow'",
                "config: {imageLookup: {onUnverified: {timout: warn}}} | at '/config/imageLookup/onUnverified': additional properties 'timout' not allowed",
                "config: {imageLookup: {onUnverified: {tls: ignore}}} | at '/config/imageLookup/onUnverified/tls': value must be one of 'deny', 'warn', 'allow'",
                "config: {imageLookup: {timeout: 5}} | at '/config/imageLookup/timeout': value must be 'a number and a unit, for instance 500ms, 5s or 24h'",
                "config: {imageLookup: {timeout: soon}} | at '/config/imageLookup/timeout': 'soon' does not match pattern",
                "config: {imageLookup: {platforms: [linux/amd46]}} | at '/config/imageLookup/platforms/0': 'linux/amd46' does not match pattern",
                "config: {imageLookup: {cache: {maxImages: 0}}} | at '/config/imageLookup/cache/maxImages': minimum: got 0, want 1",
                "config: {imageLookup: {limits: {indexDepth: 17}}} | at '/config/imageLookup/limits/indexDepth': maximum: got 17, want 16",
                "config: {imageLookup: {dockerConfig: 'https://e.example/c'}} | at '/config/imageLookup/dockerConfig': value must be 'the path of a file, not an address'",
                "config: {imageLookup: {registries: [{host: a.example, plainHttp: yep}]}} | at '/config/imageLookup/registries/0/plainHttp': value must be one of true, false",
                "config: {exemptions: {namespaces: ['team-*']}} | at '/config/exemptions/namespaces/0': 'team-*' does not match pattern",
                "config: {userNamespaces: loose} | at '/config/userNamespaces': value must be one of 'relaxed', 'strict'",
                "config: {certificates: {leafLifetime: forever}} | at '/config/certificates/leafLifetime': 'forever' does not match pattern",
                "config: {shutdown: {drainDelay: 11m}} | config.shutdown.drainDelay is 11m, and may be 10m at most",
                "config: {certificates: {caFile: /ca.crt}} | config.certificates.caFile is set and certificates.source is self-managed, which makes a CA of its own: leave it out",
                "config: {certificates: {clientNames: [a]}} | config.certificates.clientNames is set without clientCaFile",
                "{image: {repository: r}, certificates: {source: cert-manager}, config: {certificates: {leafLifetime: 24h}}} | config.certificates.leafLifetime is set and certificates.source is cert-manager: only with self-managed",
                "{image: {repository: r}, certificates: {source: cert-manager}, config: {leaderElection: {namespace: a}}} | config.leaderElection.namespace is set and certificates.source is cert-manager: only with self-managed",
                "certificates: {certManager: {issuerRef: {name: a}}} | certificates.certManager.issuerRef is set and certificates.source is self-managed: set it to cert-manager, or leave issuerRef out",
                "autoscaling: {enabled: true, minReplicas: 6} | autoscaling.minReplicas is 6 and autoscaling.maxReplicas is 5: set the most to no less than the least",
                "webhook: {timeoutSeconds: 5} | webhook.timeoutSeconds is 5, and has to be more than config.imageLookup.timeout, which is 5s: raise the one (30 at most), or lower the other",
                "config: {imageLookup: {timeout: 10s}} | webhook.timeoutSeconds is 10, and has to be more than config.imageLookup.timeout, which is 10s",
                "podLabels: {app.kubernetes.io/name: mine} | at '/podLabels/app.kubernetes.io~1name': value must be 'left out: the Service and the Deployment select by it'",
                "podLabels: {app.kubernetes.io/instance: mine} | at '/podLabels/app.kubernetes.io~1instance': value must be 'left out: the Service and the Deployment select by it'",
                "replicaCount: 3 | at '/replicaCount': value must be 'left out: did you mean replicas?'",
                "imagePullSecrets: [] | at '/imagePullSecrets': value must be 'left out: did you mean image.pullSecrets?'",
                "logLevel: INFO | at '/logLevel': value must be one of 'error', 'warn', 'info', 'debug', 'trace'",
                "commonLabels: {app.kubernetes.io/name: mine} | at '/commonLabels/app.kubernetes.io~1name': value must be 'left out: the Service and the Deployment select by it'",
                "commonLabels: {helm.sh/chart: mine} | at '/commonLabels/helm.sh~1chart': value must be 'left out: the chart writes it'",
                "serviceAccount: {create: false} | serviceAccount.create is false and serviceAccount.name is empty: name the one that Unroot runs as",
                "serviceAccount: {create: false, name: a, annotations: {b: c}} | serviceAccount.annotations are set and serviceAccount.create is false: annotate a yourself, and leave them out",
                "global: {imageRegistry: 'https://r.example'} | at '/global/imageRegistry': 'https://r.example' does not match pattern",
                "extraObjects: [{kind: Pod}] | at '/extraObjects/0': missing properties",
                "dnsPolicy: default | at '/dnsPolicy': value must be one of",
                "image: {repository: r.example/a//b} | at '/image/repository': 'r.example/a//b' does not match pattern",
                "image: {repository: r.example/a..b} | at '/image/repository': 'r.example/a..b' does not match pattern",
                "image: {repository: r..example/a} | at '/image/repository': 'r..example/a' does not match pattern",
            })
    void refuses(String values, String message) {
        assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
    }

    /** What does not run, or is written otherwise, is nobody's mistake. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "autoscaling: {enabled: false, minReplicas: 6}",
                "webhook: {timeoutSeconds: 6}",
                "config: {imageLookup: {timeout: 9s}}",
                "config: {imageLookup: {timeout: 1m30s}}",
                "config: {shutdown: {drainDelay: 0}}",
                "config: {certificates: {caLifetime: 90s, leafLifetime: 30s}}",
                "config: {certificates: {clientCaFile: /ca.crt, clientNames: [a]}}",
                "image: {repository: 'registry.example:5000/team/my_app--x/unroot.next'}",
                "image: {repository: my_team/unroot}",
                "image: {repository: 10.0.0.7/a/b}",
            })
    void accepts(String values) {
        assertThat(Chart.render(values).all("Deployment")).hasSize(1);
    }

    @Test
    void imageIsNeverGuessed() {
        assertThatThrownBy(() -> Chart.render("# image: none\n"))
                .hasMessageContaining("at '/image': missing property 'repository'");
    }
}
