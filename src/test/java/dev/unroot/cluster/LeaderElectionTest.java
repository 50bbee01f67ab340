package dev.unroot.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class LeaderElectionTest {
    private final ApiServer server = new ApiServer();
    private final ClusterConnection connection = server.connect();
    private final AtomicLong nanoTime = new AtomicLong();
    private final LeaderElection one = election("one");
    private final LeaderElection two = election("two");

    private LeaderElection election(String who) {
        return new LeaderElection(connection.client(), "unroot", "unroot", who, nanoTime::get);
    }

    @BeforeEach
    void create() {
        server.write("unroot", Map.of());
        connection
                .client()
                .leases()
                .inNamespace("unroot")
                .resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName("unroot")
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterEach
    void close() {
        connection.close();
        server.close();
    }

    private Lease lease() {
        return connection
                .client()
                .leases()
                .inNamespace("unroot")
                .withName("unroot")
                .get();
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    @Test
    void oneLeadsForAsLongAsItRenews() {
        one.look();
        two.look();
        for (int i = 0; i < 10; i++) {
            assertThat(one.isLeader()).isTrue();
            assertThat(two.isLeader()).isFalse();
            pass(Duration.ofSeconds(9));
            one.look();
            two.look();
        }
        assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("one");
        assertThat(lease().getSpec().getLeaseTransitions()).isEqualTo(1);
    }

    @Test
    void anotherLeadsWhenTheLeaseWasNotSeenToChange() {
        one.look();
        two.look();
        pass(Duration.ofSeconds(15));
        two.look();
        assertThat(two.isLeader()).isFalse();
        assertThat(one.isLeader()).as("could not renew").isFalse();
        pass(Duration.ofSeconds(1));
        two.look();
        assertThat(two.isLeader()).isTrue();
        one.look();
        assertThat(one.isLeader()).isFalse();
        assertThat(lease().getSpec().getLeaseTransitions()).isEqualTo(2);
    }

    @Test
    void givesTheLeaseBack() {
        one.look();
        one.close();
        assertThat(one.isLeader()).isFalse();
        assertThat(lease().getSpec().getHolderIdentity()).isNull();
        two.look();
        assertThat(two.isLeader()).isTrue();
        two.close();
    }

    @Test
    void whoLosesTheRaceDoesNotLead() {
        server.answer(request -> request.getMethod().equals("PUT") ? ApiServer.status(409, "modified") : null);
        one.look();
        assertThat(one.isLeader()).isFalse();
        server.answer(request -> null);
        one.look();
        assertThat(one.isLeader()).isTrue();
    }

    @Test
    void aFailureEndsNothing() {
        one.look();
        server.answer(request -> ApiServer.status(403, "no"));
        one.look();
        assertThat(one.isLeader()).as("until it runs out").isTrue();
        pass(Duration.ofSeconds(10));
        assertThat(one.isLeader()).isFalse();
        server.answer(request -> null);
        one.look();
        assertThat(one.isLeader()).isTrue();
    }

    @Test
    void nothingIsMade() {
        connection.client().leases().inNamespace("unroot").withName("unroot").delete();
        one.look();
        assertThat(one.isLeader()).isFalse();
        assertThat(lease()).isNull();
    }
}
