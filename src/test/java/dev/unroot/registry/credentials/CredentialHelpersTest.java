package dev.unroot.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.common.Deadline;
import dev.unroot.registry.credentials.HelperResult.Failed;
import dev.unroot.registry.credentials.HelperResult.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialHelpersTest {
    private static final Duration GENEROUS = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private Scripts scripts;
    private CredentialHelpers helpers;

    @BeforeEach
    void start() {
        scripts = new Scripts(folder);
        helpers = new CredentialHelpers(
                new HelperProgram(new HelperFolders(null, List.of(folder)), GENEROUS), nanos::get);
    }

    @AfterEach
    void stop() {
        helpers.close();
    }

    private HelperResult get(String server) {
        return helpers.get("test", server, Deadline.in(GENEROUS));
    }

    private List<String> runs() throws IOException {
        Path runs = folder.resolve("runs");
        return Files.exists(runs) ? Files.readAllLines(runs) : List.of();
    }

    private void helper(String script) throws IOException {
        scripts.put("test", "cat >> $FOLDER/runs; echo >> $FOLDER/runs; " + script);
    }

    @Test
    void asksOncePerServerForAWhile() throws IOException {
        helper(Scripts.answer("robot", "secret"));
        get("a.example");
        get("a.example");
        get("b.example");
        assertThat(runs()).containsExactly("a.example", "b.example");
        nanos.addAndGet(Duration.ofSeconds(121).toNanos());
        get("a.example");
        assertThat(runs()).containsExactly("a.example", "b.example", "a.example");
    }

    @Test
    void aFailureIsForgottenSooner() throws IOException {
        helper("exit 1");
        get("a.example");
        get("a.example");
        assertThat(runs()).hasSize(1);
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        helper(Scripts.answer("robot", "secret"));
        assertThat(get("a.example")).isInstanceOf(Found.class);
    }

    @Test
    void manyWhoWaitForTheSameWaitForOne() throws Exception {
        helper("while [ ! -e $FOLDER/go ]; do sleep 0.05; done; " + Scripts.answer("robot", "secret"));
        List<CompletableFuture<HelperResult>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> get("a.example"), task -> new Thread(task).start()));
        }
        HelperResult impatient = helpers.get("test", "a.example", Deadline.in(Duration.ofMillis(50)));
        assertThat(impatient).isEqualTo(new Failed("credential helper docker-credential-test did not answer in time"));

        Files.createFile(folder.resolve("go"));
        for (CompletableFuture<HelperResult> answer : answers) {
            assertThat(answer.get(60, TimeUnit.SECONDS)).isInstanceOf(Found.class);
        }
        assertThat(get("a.example")).isInstanceOf(Found.class);
        assertThat(runs()).containsExactly("a.example");
    }

    @Test
    void moreThanCanWaitAreTurnedAway() throws Exception {
        helper("while [ ! -e $FOLDER/go ]; do sleep 0.05; done; " + Scripts.answer("robot", "secret"));
        Deadline none = Deadline.passed();
        for (int i = 0; i < 4 + 64; i++) {
            helpers.get("test", i + ".example", none);
        }
        assertThat(get("last.example")).isEqualTo(new Failed("too many credential helpers are waiting"));
        Files.createFile(folder.resolve("go"));
        assertThat(get("0.example")).isInstanceOf(Found.class);
    }
}
