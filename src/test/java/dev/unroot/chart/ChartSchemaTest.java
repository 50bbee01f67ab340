package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
            })
    void refuses(String values, String message) {
        assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
    }

    @Test
    void imageIsNeverGuessed() {
        assertThatThrownBy(() -> Chart.render("# image: none\n"))
                .hasMessageContaining("at '/image': missing property 'repository'");
    }
}
