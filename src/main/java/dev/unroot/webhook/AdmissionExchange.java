package dev.unroot.webhook;

import dev.unroot.common.Deadline;
import dev.unroot.common.Failures;
import dev.unroot.common.Text;
import dev.unroot.review.AdmissionRequest;
import dev.unroot.review.Decision;
import dev.unroot.review.UndecidedException;
import dev.unroot.webhook.RequestBody.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: body, review, decision. Whatever fails on the way is an error, never an allow.
 *
 * <p>Everything but reading a large body happens on the connection's event loop, so next to nothing here is synchronised.
 */
final class AdmissionExchange {
    /** As much as may be read and judged on an event loop: with thousands of containers, it is tens of milliseconds. */
    private static final int LARGE_BODY = 128 << 10;

    /** Of why it cannot be decided, in characters: an API server's own words are in it. */
    private static final int LONGEST_REASON = 1024;

    private final AdmissionContext tools;
    private final HttpServerRequest request;
    private final boolean enforced;
    private final RequestTimeout timeout;
    private final long started;
    private final Deadline deadline;
    private final Context context;
    private final ClientAddress peer;
    private final RequestBody body;

    /** Counted by {@link InFlight}. */
    private boolean entered;

    /** A worker has the body, or will have: it counts as held until that one is done with it, whatever comes first. */
    private boolean withWorker;

    /** Read by the worker too: what nobody waits for any more is not even begun. */
    private volatile boolean finished;

    private long timer;
    /** Written by whoever reads the body, read once that is done or was given up. */
    private volatile @Nullable ReceivedReview review;

    AdmissionExchange(
            AdmissionContext tools, HttpServerRequest request, boolean enforced, RequestTimeout timeout, long started) {
        this.tools = tools;
        this.request = request;
        this.enforced = enforced;
        this.timeout = timeout;
        this.started = started;
        this.deadline = Deadline.in(timeout.forReview());
        this.peer = OpenConnection.of(request.connection()).peer();
        this.body = new RequestBody(tools.options().capacity().bodyBytes(), tools.inFlight(), peer);
        this.context = tools.vertx().getOrCreateContext();
    }

    void begin() {
        timer = tools.vertx().setTimer(forBody().toMillis(), id -> bodyLate());
        request.exceptionHandler(this::broken);
        request.response().closeHandler(closed -> hungUp());
        request.handler(this::receive);
        request.endHandler(end -> bodyReceived());
        body.announce(request);
        Refusal refusal = body.refusal();
        if (refusal != null && body.isHopeless()) {
            giveUp(refusal);
        } else if (refusal == null && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
    }

    private Duration forBody() {
        Duration arrival = tools.options().capacity().bodyArrival();
        return arrival.compareTo(timeout.forAnswer()) < 0 ? arrival : timeout.forAnswer();
    }

    private void bodyLate() {
        giveUp(new Refusal(408, "The body did not arrive within " + forBody().toMillis() + " ms."));
    }

    private void broken(Throwable cause) {
        if (!(cause instanceof IOException || cause instanceof HttpClosedException)) {
            giveUp(new Refusal(400, "The body is not well-formed: its chunks have no certain end."));
        }
        hungUp();
    }

    /** Whoever asked is gone: what is being looked up for them alone ends too. */
    private void hungUp() {
        deadline.cancel();
        finish();
    }

    private void receive(Buffer chunk) {
        if (finished) {
            return;
        }
        body.receive(chunk);
        Refusal refusal = body.refusal();
        if (refusal != null && body.isHopeless()) {
            giveUp(refusal);
        }
    }

    private void giveUp(Refusal why) {
        if (finish()) {
            tools.answers().refuseAndClose(request, why.code(), why.sentence());
        }
    }

    private void bodyReceived() {
        if (finished) {
            return;
        }
        Refusal refusal = body.refusal();
        if (refusal != null) {
            refuse(refusal.code(), refusal.sentence());
            return;
        }
        entered = tools.inFlight().enter(peer);
        if (!entered) {
            refuse(503, "Unroot is busy with " + tools.options().capacity().requests() + " requests.");
            return;
        }
        awaitDecision();
        if (body.length() > LARGE_BODY) {
            byte[] bytes = body.bytes();
            int length = body.length();
            withWorker = true;
            tools.largeBodies()
                    .executeBlocking(() -> finished ? null : decide(bytes, length), false)
                    .onComplete(stage -> workerIsDone(stage.result(), stage.cause()));
        } else {
            CompletionStage<Decision> decision = null;
            Throwable failure = null;
            try {
                decision = decide(body.bytes(), body.length());
            } catch (Throwable e) {
                failure = e;
            }
            conclude(decision, failure);
        }
    }

    private void workerIsDone(@Nullable CompletionStage<Decision> decision, @Nullable Throwable failure) {
        withWorker = false;
        if (finished) {
            body.release();
        } else {
            conclude(decision, failure);
        }
    }

    private void awaitDecision() {
        tools.vertx().cancelTimer(timer);
        long left = timeout.forAnswer().toNanos() - (System.nanoTime() - started);
        timer = tools.vertx().setTimer(Math.max(1, left / 1_000_000), id -> outOfTime());
    }

    private CompletionStage<Decision> decide(byte[] bytes, int length) throws BadRequestException {
        CurrentReviewer.Pair current = tools.reviewer().get();
        ReceivedReview read = current.reader().read(bytes, length);
        review = read;
        AdmissionRequest asked = enforced ? read.request().sentAsEnforced() : read.request();
        return current.reviewer().review(asked, deadline);
    }

    private void conclude(@Nullable CompletionStage<Decision> decision, @Nullable Throwable failure) {
        body.discard();
        if (failure != null) {
            fail(failure);
        } else if (decision == null) {
            fail(new IllegalStateException("the reviewer gave no answer"));
        } else {
            Context here = context;
            decision.whenComplete((decided, problem) -> {
                if (Vertx.currentContext() == here) {
                    end(decided, problem);
                } else {
                    here.runOnContext(back -> end(decided, problem));
                }
            });
        }
    }

    private void end(@Nullable Decision decision, @Nullable Throwable failure) {
        ReceivedReview read = review;
        if (failure != null || decision == null || read == null) {
            fail(failure != null ? failure : new IllegalStateException("the reviewer came to no decision"));
            return;
        }
        byte[] answer;
        try {
            answer = tools.writer().write(read.uid(), decision);
        } catch (Throwable e) {
            fail(e);
            return;
        }
        if (finish()) {
            tools.answers().review(request, answer);
            long nanoseconds = System.nanoTime() - started;
            tools.metrics().reviewed(decision, read.request().resource(), nanoseconds);
            tools.log().decided(read, decision, nanoseconds);
        }
    }

    private void fail(Throwable failure) {
        Throwable cause = Failures.unwrapped(failure);
        if (cause instanceof BadRequestException bad) {
            refuse(400, bad.getMessage());
        } else if (cause instanceof UndecidedException known && finish()) {
            String reason = OneLine.of(Text.why(known), LONGEST_REASON);
            tools.answers().refuse(request, 500, "Unroot could not decide: " + reason + ".");
            tools.log().failed(review, "could not be decided: " + reason, null, System.nanoTime() - started);
        } else if (finish()) {
            tools.answers().refuse(request, 500, "Unroot could not decide because of a fault; its log says more.");
            tools.log().failed(review, "could not be decided", cause, System.nanoTime() - started);
        }
    }

    private void refuse(int code, String sentence) {
        if (finish()) {
            tools.answers().refuse(request, code, sentence);
        }
    }

    private void outOfTime() {
        if (finish()) {
            tools.answers()
                    .refuse(
                            request,
                            500,
                            "Unroot could not decide within "
                                    + timeout.forAnswer().toMillis() + " ms.");
            tools.log().failed(review, "was not decided in time", null, System.nanoTime() - started);
        }
    }

    /** True the first time; whoever ends the exchange asks. */
    private boolean finish() {
        if (finished) {
            return false;
        }
        finished = true;
        tools.vertx().cancelTimer(timer);
        if (!withWorker) {
            body.release();
        }
        if (entered) {
            tools.inFlight().leave(peer);
        }
        return true;
    }
}
