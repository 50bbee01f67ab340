package dev.unroot.webhook;

import dev.unroot.manifest.PodTemplates;
import dev.unroot.review.Reviewer;

/**
 * The reviewer that requests go to from now on. It may be replaced at any time; a request that has begun ends with the one
 * that it began with.
 */
public final class CurrentReviewer {
    private volatile Pair pair;

    /** @param templates the same that the reviewer's settings have */
    public CurrentReviewer(Reviewer reviewer, PodTemplates templates) {
        this.pair = new Pair(new AdmissionReviewReader(templates), reviewer);
    }

    public void replace(Reviewer reviewer, PodTemplates templates) {
        pair = new Pair(new AdmissionReviewReader(templates), reviewer);
    }

    public Reviewer reviewer() {
        return pair.reviewer();
    }

    Pair get() {
        return pair;
    }

    /** What reads a request and what judges it: they know the same kinds. */
    record Pair(AdmissionReviewReader reader, Reviewer reviewer) {}
}
