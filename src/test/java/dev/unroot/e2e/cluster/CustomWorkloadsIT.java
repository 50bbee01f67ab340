package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroot.Eventually;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kinds of other people's that make pods, named by {@code workloads.custom}: the API server asks, and Unroot judges. */
@ExtendWith(Cluster.class)
class CustomWorkloadsIT {
    private static final String WORKLOADS = """
            workloads:
              enforce: true
              custom:
                - {apiVersion: argoproj.io/v1alpha1, kind: Rollout, podTemplate: spec.template}
                - {apiVersion: serving.knative.dev/v1, kind: Service, podTemplate: spec.template}
                - {apiVersion: apps.kruise.io/v1alpha1, kind: AdvancedCronJob, podTemplate: spec.template.jobTemplate.spec.template}
                - {apiVersion: example.org/v1, kind: Ship, podTemplate: spec.crew.below.template}
            """;
    private static final String VALUES = "webhook: {resources: {Ship: fleet}}";

    @Shared
    private static ControlPlane controlPlane;

    @Shared
    private static ImageRegistry images;

    @Shared
    private static KubernetesClient admin;

    @AutoClose
    private static OthersKinds kinds;

    @AutoClose
    private static WebhookInstallation installation;

    /** Each with its template where {@link #WORKLOADS} says it is. */
    enum Custom {
        ROLLOUT("argoproj.io/v1alpha1", "Rollout", "rollouts", "{replicas: 1, selector: {matchLabels: {app: a}}, %s}"),
        SERVICE("serving.knative.dev/v1", "Service", "services", "{traffic: [{percent: 100}], %s}"),
        CRON_JOB(
                "apps.kruise.io/v1alpha1",
                "AdvancedCronJob",
                "advancedcronjobs",
                "{schedule: '* * * * *', template: {jobTemplate: {spec: {%s}}}}"),
        SHIP("example.org/v1", "Ship", "fleet", "{crew: {below: {%s}}}");

        private final String apiVersion;
        private final String kind;
        private final String plural;
        private final String spec;

        Custom(String apiVersion, String kind, String plural, String spec) {
            this.apiVersion = apiVersion;
            this.kind = kind;
            this.plural = plural;
            this.spec = spec;
        }

        /** As in {@code kubectl get}: two of them could be meant by a kind alone. */
        String resource() {
            return plural + "." + apiVersion.substring(0, apiVersion.indexOf('/'));
        }

        String yaml(String namespace, String image) {
            String template =
                    "template: {metadata: {labels: {app: a}}, spec: {containers: [{name: app, image: \"%s\"}]}}"
                            .formatted(image);
            return """
                    apiVersion: %s
                    kind: %s
                    metadata: {name: shop, namespace: %s}
                    spec: %s
                    """.formatted(apiVersion, kind, namespace, spec.formatted(template));
        }
    }

    @BeforeAll
    static void install() throws Exception {
        kinds = new OthersKinds(admin, "custom-kinds.yaml");
        installation = new WebhookInstallation(controlPlane, images.settings() + WORKLOADS, VALUES).withReplica();
    }

    private static Programs.Result kubectl(String manifest, String... arguments) throws Exception {
        return controlPlane.kubectl(controlPlane.adminKubeconfig()).runWith(manifest, arguments);
    }

    private static Programs.Result run(String... arguments) throws Exception {
        return controlPlane.kubectl(controlPlane.adminKubeconfig()).run(arguments);
    }

    /** On creation and on update, with the audit log's annotation each time, and nothing where the template is good. */
    @ParameterizedTest
    @EnumSource(Custom.class)
    void itsTemplateIsWarnedAboutAndAudited(Custom custom) throws Exception {
        String namespace = Namespaces.create(
                admin,
                "custom-warned-" + custom.plural,
                Map.of("unroot.dev/warn", "nonroot", "unroot.dev/audit", "nonroot"));
        String warning = "Warning: " + Refusal.rootMessage(images) + "\n";

        assertWarned(kubectl(custom.yaml(namespace, images.root()), "create"), warning);
        assertThat(audited("create", custom, namespace))
                .isEqualTo(Map.of("audit-violations", Refusal.rootMessage(images)));

        assertWarned(
                kubectl(custom.yaml(namespace, images.numeric()), "replace"),
                "Warning: container \"app\" runs as uid 10001 only because image " + images.numeric()
                        + " says so. Set securityContext.runAsUser: 10001 and it stays so.\n");
        assertWarned(kubectl(custom.yaml(namespace, images.root()), "replace"), warning);
        assertThat(audited("update", custom, namespace))
                .isEqualTo(Map.of("audit-violations", Refusal.rootMessage(images)));
    }

    private static Map<String, String> audited(String verb, Custom custom, String namespace)
            throws InterruptedException {
        return AuditLog.annotations(controlPlane.auditLog().last(verb, custom.plural, namespace, "shop"));
    }

    private static void assertWarned(Programs.Result result, String warnings) {
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.err()).isEqualTo(warnings);
    }

    @ParameterizedTest
    @EnumSource(Custom.class)
    void itIsDeniedWhereControllersAre(Custom custom) throws Exception {
        String namespace = Namespaces.enforcing(admin, "custom-denied-" + custom.plural);
        String denial = "admission webhook \"controllers.enforce.unroot.dev\" denied the request: "
                + Refusal.rootMessage(images);
        assertDenied(kubectl(custom.yaml(namespace, images.root()), "create"), denial);
        assertWarned(kubectl(custom.yaml(namespace, images.numeric()), "create"), "");
        assertDenied(kubectl(custom.yaml(namespace, images.root()), "replace"), denial);
        assertDenied(
                kubectl(custom.yaml(namespace, images.root()), "apply", "--server-side", "--force-conflicts"), denial);
    }

    private static void assertDenied(Programs.Result result, String denial) {
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains(denial);
    }

    /** What is there already can be labelled and scaled; only another bad template is denied. */
    @ParameterizedTest
    @EnumSource(Custom.class)
    void anOldOneCanBeKept(Custom custom) throws Exception {
        String namespace = Namespaces.create(
                admin, "custom-old-" + custom.plural, Map.of("unroot.dev/warn", "none", "unroot.dev/audit", "none"));
        assertWarned(kubectl(custom.yaml(namespace, images.root()), "create"), "");
        admin.namespaces().withName(namespace).edit(Namespaces.labelled("unroot.dev/enforce", "nonroot"));
        Eventually.await(
                "the label to count",
                () -> kubectl(
                                custom.yaml(namespace, images.root()).replace("shop", "another"),
                                "create",
                                "--dry-run=server")
                        .err()
                        .contains("denied the request"));
        for (String patch : List.of("{\"metadata\":{\"labels\":{\"team\":\"shop\"}}}", "{\"spec\":{\"replicas\":3}}")) {
            assertWarned(run("patch", custom.resource(), "shop", "-n", namespace, "--type=merge", "-p", patch), "");
        }
        assertDenied(
                kubectl(custom.yaml(namespace, images.root() + "@sha256:" + "0".repeat(64)), "replace"),
                "denied the request: container \"app\" could not be verified");
    }

    /** Its ReplicaSet is judged no second time: what is wrong was told where a person wrote it. */
    @Test
    void whatItMakesIsNotDeniedInItsPlace() throws Exception {
        String namespace = Namespaces.enforcing(admin, "custom-owned");
        assertWarned(kubectl(Custom.ROLLOUT.yaml(namespace, images.numeric()), "create"), "");
        String uid = run("get", "rollouts.argoproj.io", "shop", "-n", namespace, "-o", "jsonpath={.metadata.uid}")
                .out();
        HasMetadata replicas = Workloads.of(admin, "ReplicaSet", namespace, images.root());
        replicas.getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withApiVersion("argoproj.io/v1alpha1")
                        .withKind("Rollout")
                        .withName("shop")
                        .withUid(uid)
                        .withController(true)
                        .build()));
        admin.resource(replicas).dryRun().create();
        replicas.getMetadata().setOwnerReferences(List.of());
        assertThat(Refusal.of(() -> admin.resource(replicas).dryRun().create()))
                .isEqualTo(Refusal.denial("controllers.enforce.unroot.dev", Refusal.rootMessage(images)));
    }

    /** The API server shows the objects: nobody has to be allowed to read them. */
    @Test
    void theyNeedNoRightsOfTheirOwn() {
        InstalledChart without = new InstalledChart(
                admin, InstalledChart.existingSecret(installation.authority().certificate()), images.settings(), "");
        assertThat(installation.chart().roles()).isNotEmpty().isEqualTo(without.roles());
        for (JsonNode role : installation.chart().roles()) {
            assertThat(role.toString()).doesNotContain("argoproj", "knative", "kruise", "example.org");
        }
    }
}
