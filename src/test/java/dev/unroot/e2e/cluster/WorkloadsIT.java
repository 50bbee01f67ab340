package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The eight kinds that make pods, with the controllers that make them. */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class WorkloadsIT {
    private static final Set<String> MAKERS =
            Set.of("cronjob", "daemonset", "deployment", "job", "replicaset", "replicationcontroller", "statefulset");

    @Shared
    private static ControlPlane controlPlane;

    @Shared
    private static ImageRegistry images;

    @Shared
    private static KubernetesClient admin;

    @AutoClose
    private static WebhookInstallation installation;

    @BeforeAll
    static void install() throws Exception {
        Workloads.addNode(admin);
        installation = new WebhookInstallation(controlPlane, images.settings()).withReplica();
    }

    private static Set<String> makersOfPods(String namespace) {
        return admin.pods().inNamespace(namespace).list().getItems().stream()
                .map(pod -> pod.getMetadata().getLabels().get("app"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void podsOfGoodControllersAreMade() throws Exception {
        String good = Namespaces.enforcing(admin, "good-workloads");
        for (String kind : Workloads.KINDS) {
            admin.resource(Workloads.of(admin, kind, good, images.numeric())).create();
        }
        Eventually.await("a pod of each controller", () -> {
            assertThat(makersOfPods(good)).isEqualTo(MAKERS);
            return true;
        });

        admin.apps().deployments().inNamespace(good).withName("deployment").scale(3);
        Eventually.await(
                "three pods of the deployment",
                () -> admin.pods()
                                .inNamespace(good)
                                .withLabel("app", "deployment")
                                .list()
                                .getItems()
                                .size()
                        == 3);
    }

    /** Their controllers are told why, and tell people in events. */
    @Test
    void podsOfBadControllersAreDenied() throws Exception {
        String bad = Namespaces.create(
                admin,
                "bad-workloads",
                Map.of("unroot.dev/enforce", "nonroot", "unroot.dev/warn", "nonroot", "unroot.dev/audit", "nonroot"));
        Kubectl kubectl = controlPlane.kubectl(controlPlane.adminKubeconfig());
        for (String kind : Workloads.KINDS) {
            Programs.Result result = kubectl.runWith(Workloads.yaml(kind, bad, images.root()), "create");
            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.err()).as(kind).isEqualTo("Warning: " + Refusal.rootMessage(images) + "\n");
        }
        assertAudited(bad);
        Eventually.await("an event for each controller", () -> {
            assertThat(reasons(bad)).isEqualTo(MAKERS);
            return true;
        });
        assertThat(admin.pods().inNamespace(bad).list().getItems()).isEmpty();
    }

    private static void assertAudited(String namespace) throws Exception {
        var events = controlPlane
                .auditLog()
                .events(event -> event.at("/verb").asText().equals("create")
                        && event.at("/objectRef/namespace").asText().equals(namespace)
                        && event.at("/user/username").asText().equals("admin"));
        assertThat(events).hasSize(Workloads.KINDS.size()).allSatisfy(event -> {
            assertThat(event.at("/responseStatus/code").asInt()).isEqualTo(201);
            // Nothing is enforced on controllers, so no policy of that is told.
            assertThat(AuditLog.annotations(event)).isEqualTo(Map.of("audit-violations", Refusal.rootMessage(images)));
        });
    }

    /** The names of those whose pods an event says were denied. */
    private static Set<String> reasons(String namespace) {
        List<Event> events = admin.v1().events().inNamespace(namespace).list().getItems();
        return events.stream()
                .filter(event -> event.getMessage().contains(Refusal.rootMessage(images)))
                .map(event -> event.getInvolvedObject().getName().replaceFirst("-.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Create, apply, patch, scale, as dry runs and in earnest: a warning for a bad template, and only for that. */
    @ParameterizedTest
    @FieldSource("dev.unroot.e2e.cluster.Workloads#KINDS")
    void everyWayToWriteAControllerIsJudged(String kind) throws Exception {
        String name = kind.toLowerCase(Locale.ROOT);
        String written = Namespaces.create(
                admin, "written-" + name, Map.of("unroot.dev/warn", "nonroot", "unroot.dev/audit", "none"));
        String warning = "Warning: " + Refusal.rootMessage(images) + "\n";
        String advice = "Warning: container \"app\" runs as uid 10001 only because image " + images.numeric()
                + " says so. Set securityContext.runAsUser: 10001 and it stays so.\n";
        Kubectl kubectl = controlPlane.kubectl(controlPlane.adminKubeconfig());
        String good = Workloads.yaml(kind, written, images.numeric());
        String bad = Workloads.yaml(kind, written, images.root());

        assertWarned(kubectl.runWith(bad, "create", "--dry-run=server"), warning);
        assertWarned(kubectl.runWith(good, "apply", "--server-side"), advice);
        if (kind.equals("Job")) {
            // Its template cannot be changed, so that a bad one has to be there from the beginning.
            assertWarned(kubectl.runWith(bad, "replace", "--force", "--cascade=background"), warning);
        } else {
            assertWarned(kubectl.runWith(bad, "apply", "--server-side", "--dry-run=server"), warning);
            assertWarned(kubectl.runWith(bad, "apply", "--server-side"), warning);
        }
        String[] patch = {
            "patch", kind, name, "-n", written, "--type=merge", "-p", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"
        };
        assertWarned(kubectl.run(patch), warning);
        if (Workloads.SCALABLE.contains(kind)) {
            assertWarned(kubectl.run("scale", kind, name, "-n", written, "--replicas=2"), "");
        }
    }

    private static void assertWarned(Programs.Result result, String warnings) {
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.err()).isEqualTo(warnings);
    }

    @Test
    void aChangeToABadImageStopsTheRolloutAndKeepsWhatRuns() throws Exception {
        String rolling = Namespaces.enforcing(admin, "rolling");
        admin.resource(Workloads.of(admin, "Deployment", rolling, images.numeric()))
                .create();
        Eventually.await("the first pod", () -> makersOfPods(rolling).contains("deployment"));
        assertThat(controlPlane
                        .kubectl(controlPlane.adminKubeconfig())
                        .run("set", "image", "deployment/deployment", "app=" + images.root(), "-n", rolling)
                        .exit())
                .isZero();
        Eventually.await("the denial", () -> reasons(rolling).contains("deployment"));
        assertThat(admin.pods().inNamespace(rolling).list().getItems())
                .extracting(Pod::getSpec)
                .allSatisfy(spec ->
                        assertThat(spec.getContainers().get(0).getImage()).isEqualTo(images.numeric()));
    }
}
