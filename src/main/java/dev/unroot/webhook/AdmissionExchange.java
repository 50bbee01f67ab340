package dev.unroot.webhook;

import dev.unroot.review.Deadline;
import dev.unroot.review.Decision;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: body, review, decision. Whatever fails on the way is an error, never an allow.
 *
 * <p>Everything but reading a large body happens on the connection's event loop, so nothing here is synchronised.
 */
final class AdmissionExchange {
    /** Reading this much takes about a millisecond. */
    private static final int LARGE_BODY = 512 << 10;
    /** How many times the largest body is read and thrown away, so that the client gets to see why. */
    private static final int PATIENCE = 8;

    private final AdmissionTools tools;
    private final HttpServerRequest request;
    private final RequestTimeout timeout;
    private final long started;
    private final Deadline deadline;
    private final Context context;

    private final Body body = new Body();
    private long received;
    private long held;
    private boolean bodyEnded;
    private boolean finished;
    private long timer;
    private @Nullable Refusal refusal;
    /** Written by whoever reads the body, read once that is done or was given up. */
    private volatile @Nullable ReceivedReview review;

    AdmissionExchange(AdmissionTools tools, HttpServerRequest request, RequestTimeout timeout, long started) {
        this.tools = tools;
        this.request = request;
        this.timeout = timeout;
        this.started = started;
        this.deadline = Deadline.in(timeout.forReview());
        this.context = tools.vertx().getOrCreateContext();
    }

    /** Sent once the rest of the body is read: a client that is still writing would not see it earlier. */
    private record Refusal(int code, String sentence) {}

    void begin() {
        Duration patience = timeout.forAnswer();
        timer = tools.vertx().setTimer(patience.toMillis(), id -> outOfTime());
        request.exceptionHandler(broken -> finish());
        request.handler(this::receive);
        request.endHandler(end -> bodyReceived());
        checkAnnouncedLength();
        if (refusal == null && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
    }

    private void checkAnnouncedLength() {
        String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced == null || (announced.length() < 10 && Long.parseLong(announced) <= largest())) {
            return;
        }
        refusal = tooLarge();
        boolean waits = request.getHeader(HttpHeaders.EXPECT) != null;
        if (waits || announced.length() >= 10 || Long.parseLong(announced) > (long) largest() * PATIENCE) {
            giveUp(refusal);
        }
    }

    private int largest() {
        return tools.options().mostBodyBytes();
    }

    private Refusal tooLarge() {
        return new Refusal(413, "The body is larger than " + largest() + " bytes, which no API server sends.");
    }

    private void receive(Buffer chunk) {
        if (finished) {
            return;
        }
        received += chunk.length();
        if (refusal == null && received > largest()) {
            refusal = tooLarge();
        }
        if (refusal == null) {
            if (tools.inFlight().hold(chunk.length())) {
                held += chunk.length();
                body.append(chunk);
                return;
            }
            refusal = new Refusal(503, "Unroot holds as much in memory as it may.");
        }
        body.discard();
        if (received > (long) largest() * PATIENCE) {
            giveUp(refusal);
        }
    }

    private void giveUp(Refusal why) {
        if (finish()) {
            tools.answers().refuseAndClose(request, why.code(), why.sentence());
        }
    }

    private void bodyReceived() {
        bodyEnded = true;
        if (refusal != null) {
            refuse(refusal.code(), refusal.sentence());
        } else if (body.length() > LARGE_BODY) {
            byte[] bytes = body.bytes();
            int length = body.length();
            tools.largeBodies()
                    .executeBlocking(() -> decide(bytes, length), false)
                    .onComplete(stage -> conclude(stage.result(), stage.cause()));
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

    private CompletionStage<Decision> decide(byte[] bytes, int length) throws BadRequestException {
        ReceivedReview read = tools.reader().read(bytes, length);
        review = read;
        return tools.reviewer().review(read.request(), deadline);
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
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof BadRequestException bad) {
            refuse(400, bad.getMessage());
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
        if (!bodyEnded) {
            giveUp(new Refusal(
                    408, "The body did not arrive within " + timeout.forAnswer().toMillis() + " ms."));
        } else if (finish()) {
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
        body.discard();
        tools.inFlight().leave(held);
        return true;
    }
}
