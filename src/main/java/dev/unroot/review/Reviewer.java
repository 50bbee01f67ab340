package dev.unroot.review;

import dev.unroot.common.Deadline;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Container;
import dev.unroot.model.Level;
import dev.unroot.model.ObjectMeta;
import dev.unroot.model.Pod;
import dev.unroot.model.Subject;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reviews admission requests: what is not judged, exemptions, modes, image users, policy, decision. */
public final class Reviewer {
    private static final TypeMeta NAMESPACE = new TypeMeta("v1", "Namespace");
    private static final Predicate<Container> NONE_BEFORE = container -> false;

    private final ReviewSettings settings;
    private final Namespaces namespaces;
    private final Judge judge;
    private final NamespacePreview tighter;

    /** Outside a cluster: there are no pods but those that are asked about. */
    public Reviewer(ReviewSettings settings, Namespaces namespaces, ImageUsers images, ReviewListener listener) {
        this(settings, namespaces, ExistingPods.NONE, images, listener);
    }

    public Reviewer(
            ReviewSettings settings,
            Namespaces namespaces,
            ExistingPods pods,
            ImageUsers images,
            ReviewListener listener) {
        this.settings = settings;
        this.namespaces = namespaces;
        this.judge = new Judge(settings.judging(), images, listener);
        this.tighter = new NamespacePreview(settings.judging(), images, pods);
    }

    /**
     * Reviews one request.
     *
     * @return fails only where a pod's namespace could not be read in time, or by a fault of our own; complete already
     *     where everything was known
     */
    public CompletionStage<Decision> review(AdmissionRequest request, Deadline deadline) {
        Subject subject = request.object();
        if (subject == null || !(request.isCreate() || request.isUpdate())) {
            return done(Decision.NOT_JUDGED);
        }
        if (request.type().equals(NAMESPACE) && request.subresource().isEmpty()) {
            return reviewNamespace(request, subject, deadline);
        }
        Pod pod = subject.pod();
        if (pod == null || (request.isUpdate() && subject.meta().deleting())) {
            return done(Decision.NOT_JUDGED);
        }
        PodUpdate update = podUpdate(request, subject, pod);
        if (update != null && !update.isSignificant()) {
            return done(Decision.NOT_JUDGED);
        }
        String exempt = settings.judging().exemptions().reason(request.namespace(), request.username(), pod);
        if (exempt != null) {
            return done(ModeDecision.exempt(exempt));
        }
        return modes(request, subject, deadline)
                .thenCompose(reading -> judge(request, subject, pod, update, reading, deadline));
    }

    /** Of labels that begin to enforce more, the person who writes them hears what that means for the pods there are. */
    private CompletionStage<Decision> reviewNamespace(AdmissionRequest request, Subject subject, Deadline deadline) {
        Decision decision = NamespaceReview.review(request);
        Subject old = request.oldObject();
        String name = subject.meta().name() == null
                ? request.namespace()
                : subject.meta().name();
        if (!decision.allowed()
                || old == null
                || subject.meta().deleting()
                || settings.judging().exemptions().namespaces().contains(name)) {
            return done(decision);
        }
        Level before = enforced(old);
        Level after = enforced(subject);
        return before.includes(after)
                ? done(decision)
                : tighter.warnings(name, after, deadline).thenApply(decision::warningAlso);
    }

    private Level enforced(Subject namespace) {
        return read(namespace.meta().labels()).modes().enforce();
    }

    private @Nullable PodUpdate podUpdate(AdmissionRequest request, Subject subject, Pod pod) {
        Subject old = request.oldObject();
        Pod before = old == null ? null : old.pod();
        return subject.isPod() && request.isUpdate() && before != null
                ? new PodUpdate(before, pod, settings.judging().platforms())
                : null;
    }

    /** Of a namespace that cannot be read, a controller only tells the audit log: its pods are judged later. */
    private CompletionStage<ModeLabels.Reading> modes(AdmissionRequest request, Subject subject, Deadline deadline) {
        CompletionStage<Map<String, String>> labels = namespaces.labels(request.namespace(), deadline);
        CompletionStage<ModeLabels.Reading> reading = labels.thenApply(this::read);
        if (request.enforced()) {
            // Where the API server takes it for a namespace that enforces and memory does not, memory may be old.
            reading = reading.thenCompose(known -> known.modes().enforce() == Level.NONE
                    ? namespaces.current(request.namespace(), deadline).thenApply(this::read)
                    : CompletableFuture.completedFuture(known));
        }
        return subject.isPod()
                ? reading
                : reading.exceptionally(failure ->
                        new ModeLabels.Reading(Modes.NONE, "namespace " + request.namespace() + " could not be read"));
    }

    private ModeLabels.Reading read(Map<String, String> labels) {
        return ModeLabels.read(labels, settings.defaults(), settings.floor());
    }

    private CompletionStage<Decision> judge(
            AdmissionRequest request,
            Subject subject,
            Pod pod,
            @Nullable PodUpdate update,
            ModeLabels.Reading reading,
            Deadline deadline) {
        boolean mayDeny = subject.isPod() ? !isMirror(request, subject) : mayDenyController(request, subject, pod);
        Modes modes = mayDeny
                ? reading.modes()
                : new Modes(Level.NONE, reading.modes().warn(), reading.modes().audit());
        Set<Level> levels = EnumSet.of(modes.enforce(), modes.warn(), modes.audit());
        Predicate<Container> before = update == null ? NONE_BEFORE : update.hadBefore();
        return judge.judge(pod, request.namespace(), levels, before, deadline)
                .thenApply(judged -> ModeDecision.of(judged, modes, reading.error()));
    }

    private static boolean isMirror(AdmissionRequest request, Subject subject) {
        return subject.meta().mirror() && request.isByNode();
    }

    private boolean mayDenyController(AdmissionRequest request, Subject subject, Pod pod) {
        if (!settings.enforceWorkloads() || isOwned(subject.meta())) {
            return false;
        }
        Subject old = request.oldObject();
        return request.isCreate() || old == null || !pod.equals(old.pod());
    }

    private boolean isOwned(ObjectMeta meta) {
        return meta.owners().stream()
                .anyMatch(owner -> settings.templates().contains(new TypeMeta(owner.apiVersion(), owner.kind())));
    }

    private static CompletionStage<Decision> done(Decision decision) {
        return CompletableFuture.completedFuture(decision);
    }
}
