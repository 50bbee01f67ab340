package dev.unroot.registry.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Deadline;
import dev.unroot.common.Threads;
import dev.unroot.registry.credentials.HelperResult.Failed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs credential helpers: few at once, each once for all who wait for the same, and not again for a while. One that takes
 * longer than its caller can wait goes on and is remembered.
 */
final class CredentialHelpers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialHelpers.class);
    private static final int AT_ONCE = 4;
    private static final int WAITING = 64;
    private static final int MOST_REMEMBERED = 1_000;
    /** Their tokens live for ten minutes at least, and a registry that refuses one is asked again after that. */
    private static final Duration ANSWERED = Duration.ofMinutes(2);

    private static final Duration FAILED = Duration.ofSeconds(10);

    private final HelperProgram program;
    private final Cache<Question, CompletableFuture<HelperResult>> answers;
    private final ThreadPoolExecutor threads;

    private record Question(String helper, String server) {}

    CredentialHelpers(HelperProgram program, Ticker ticker) {
        this.program = program;
        this.answers = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .ticker(ticker)
                .expireAfter(Expiry.writing((Question question, CompletableFuture<HelperResult> answer) ->
                        answer.getNow(HelperResult.NOTHING) instanceof Failed ? FAILED : ANSWERED))
                .build();
        this.threads = Threads.pool("unroot-credential-helper", AT_ONCE, WAITING);
    }

    /** Blocks until the helper has answered or the deadline is over. */
    HelperResult get(String helper, String server, Deadline deadline) {
        Question question = new Question(helper, server);
        CompletableFuture<HelperResult> answer = answers.get(question, this::ask);
        try {
            return deadline.await(answer);
        } catch (Deadline.Interrupted e) {
            return new Failed("credential helper docker-credential-" + helper + " was not waited for");
        } catch (TimeoutException e) {
            return new Failed("credential helper docker-credential-" + helper + " did not answer in time");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a helper's failure is a result", e);
        }
    }

    /** What it answered last, while that is remembered; null where it has not. Does not block. */
    @Nullable
    HelperResult known(String helper, String server) {
        CompletableFuture<HelperResult> answer = answers.getIfPresent(new Question(helper, server));
        return answer == null || !answer.isDone() ? null : answer.join();
    }

    private CompletableFuture<HelperResult> ask(Question question) {
        CompletableFuture<HelperResult> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                HelperResult result = run(question);
                // Anew, so that its life is by what has come of it.
                answers.asMap().replace(question, answer, CompletableFuture.completedFuture(result));
                answer.complete(result);
            });
        } catch (RejectedExecutionException full) {
            answer.complete(new Failed("too many credential helpers are waiting"));
        }
        return answer;
    }

    private HelperResult run(Question question) {
        try {
            return program.get(question.helper(), question.server());
        } catch (RuntimeException bug) {
            LOG.error("running docker-credential-{} failed", question.helper(), bug);
            return new Failed("credential helper docker-credential-" + question.helper()
                    + " failed within Unroot, which logged why");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
