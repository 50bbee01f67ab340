package dev.unroot.serve;

import dev.unroot.cluster.ClusterNodes;
import dev.unroot.command.UsageException;
import dev.unroot.common.Text;
import dev.unroot.configuration.Configuration;
import dev.unroot.configuration.Configuration.ImageLookup;
import dev.unroot.configuration.ConfigurationException;
import dev.unroot.model.Platform;
import dev.unroot.model.UserNamespaceNodes;
import dev.unroot.review.ImageUsers;
import dev.unroot.review.Namespaces;
import dev.unroot.review.ReviewSettings;
import dev.unroot.review.Reviewer;
import dev.unroot.webhook.CurrentReviewer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the reviewer in step with the configuration and the cluster's nodes: makes a new one when either changes, and
 * keeps of the one before what it can. Reviews in flight end with what they began with.
 */
final class LiveReviewer implements AutoCloseable {
    /** Longer than any review lasts, so that what it reads images with may then be closed. */
    private static final long OLD_REVIEWS_SECONDS = 60;

    private final ServeContext around;
    private final CurrentReviewer current;
    private Configuration configuration;
    private LookedUp lookedUp;
    private volatile @Nullable ClusterNodes nodes;
    private final @Nullable ClusterNodes firstNodes;
    private boolean closed;

    /** How images are read, what that was made from, and what has to be closed with it. */
    private record LookedUp(ImageUsers images, ImageLookup from, Resources resources) {}

    LiveReviewer(ServeContext around, Configuration configuration) throws UsageException {
        this.around = around;
        this.configuration = configuration;
        this.lookedUp = open(configuration.imageLookup());
        ReviewSettings settings = configuration.review();
        this.current = new CurrentReviewer(reviewer(settings), settings.templates());
        watchNodes();
        this.firstNodes = nodes;
    }

    /**
     * Whether the first reviews would be on platforms that are only assumed, while the nodes are being read. Does not block,
     * and is over for good once it is: a changed configuration makes no replica unready.
     */
    boolean awaitsNodes() {
        return firstNodes != null && firstNodes == nodes && firstNodes.isUnderWay();
    }

    CurrentReviewer current() {
        return current;
    }

    /** @throws ConfigurationException where the change needs a restart, or what it names cannot be used */
    synchronized void apply(Configuration next) throws ConfigurationException {
        List<String> fixed = needsRestart(configuration, next);
        if (!fixed.isEmpty()) {
            throw new ConfigurationException(fixed);
        }
        if (closed) {
            return;
        }
        if (!lookedUp.from().equals(next.imageLookup())) {
            LookedUp before = lookedUp;
            try {
                lookedUp = open(next.imageLookup());
            } catch (UsageException e) {
                throw new ConfigurationException(List.of(Text.why(e)));
            }
            CompletableFuture.delayedExecutor(OLD_REVIEWS_SECONDS, TimeUnit.SECONDS)
                    .execute(before.resources()::close);
        }
        configuration = next;
        watchNodes();
        renew();
    }

    private static List<String> needsRestart(Configuration before, Configuration next) {
        List<String> problems = new ArrayList<>(0);
        if (!before.certificates().equals(next.certificates())) {
            problems.add("certificates cannot be changed while Unroot runs: restart it");
        }
        if (!Objects.equals(before.leaderElection(), next.leaderElection())) {
            problems.add("leaderElection cannot be changed while Unroot runs: restart it");
        }
        if (!before.drainDelay().equals(next.drainDelay())) {
            problems.add("shutdown cannot be changed while Unroot runs: restart it");
        }
        return problems;
    }

    private LookedUp open(ImageLookup lookup) throws UsageException {
        Resources resources = around.resources().part();
        try {
            return new LookedUp(around.images(lookup, resources), lookup, resources);
        } catch (UsageException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    /** Only where they count: where the operator has written all that they would say, no right to nodes is needed. */
    private synchronized void watchNodes() {
        if (configuration.platformsWritten()
                && !configuration.review().judging().policy().relaxForUserNamespaces()) {
            if (nodes != null) {
                nodes.close();
                nodes = null;
            }
        } else if (nodes == null) {
            nodes = around.nodes(this::nodesChanged);
        }
    }

    /** May come before the watch is ours to ask; it comes again when all nodes are listed. */
    private synchronized void nodesChanged() {
        if (!closed) {
            renew();
        }
    }

    private void renew() {
        List<Platform> platforms = nodes == null ? List.of() : nodes.platforms();
        UserNamespaceNodes mapping = nodes == null ? UserNamespaceNodes.UNKNOWN : nodes.userNamespaces();
        ReviewSettings settings = configuration.reviewing(platforms, mapping);
        current.replace(reviewer(settings), settings.templates());
    }

    private Reviewer reviewer(ReviewSettings settings) {
        Map<String, Map<String, String>> written = configuration.namespaces();
        Namespaces inCluster = around.namespaces();
        Namespaces namespaces = inCluster != null
                ? inCluster
                : (namespace, deadline) -> CompletableFuture.completedFuture(written.getOrDefault(namespace, Map.of()));
        return new Reviewer(
                settings,
                namespaces,
                around.pods(),
                lookedUp.images(),
                around.metrics().reviewListener());
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (nodes != null) {
            nodes.close();
        }
        lookedUp.resources().close();
    }
}
