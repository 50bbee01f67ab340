package dev.unroot.webhook;

import dev.unroot.review.AdmissionRequest;

/**
 * An AdmissionReview as it came in.
 *
 * @param uid of this call, to be sent back as it is
 * @param name of the object; {@code x-*} where the API server has yet to make one up, empty where there is none
 * @param dryRun nothing will be stored. The answer is the same: a review has no side effects
 * @param request what is judged
 */
public record ReceivedReview(String uid, String name, boolean dryRun, AdmissionRequest request) {}
