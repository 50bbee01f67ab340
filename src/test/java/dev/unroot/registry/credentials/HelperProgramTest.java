package dev.unroot.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.registry.credentials.HelperResult.Failed;
import dev.unroot.registry.credentials.HelperResult.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelperProgramTest {
    /** Far more than a script needs. */
    private static final Duration GENEROUS = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Scripts scripts;

    @BeforeEach
    void start() {
        scripts = new Scripts(folder);
    }

    private HelperResult get(String name, Duration timeout) {
        return new HelperProgram(new HelperFolders(null, List.of(folder)), timeout).get(name, "registry.example");
    }

    private HelperResult get(String name) {
        return get(name, GENEROUS);
    }

    private void assertFailed(HelperResult result, String problem) {
        assertThat(result).isEqualTo(new Failed("credential helper " + problem));
    }

    @Test
    void givesTheServerOnStandardInputAndGetAsItsArgument() throws IOException {
        scripts.put(
                "test", "cat > $FOLDER/input; echo \"$#$1\" > $FOLDER/arguments; " + Scripts.answer("robot", "secret"));

        assertThat(get("test")).isEqualTo(new Found(new AuthConfig.Password("robot", "secret")));
        assertThat(folder.resolve("input")).hasContent("registry.example");
        assertThat(folder.resolve("arguments")).hasContent("1get");
    }

    @Test
    void aUserNameInBracketsMeansAnIdentityToken() throws IOException {
        scripts.put("test", Scripts.answer("<token>", "refresh"));
        assertThat(get("test")).isEqualTo(new Found(new AuthConfig.IdentityToken("refresh")));
    }

    @Test
    void knowingOfNoneIsNoFailure() throws IOException {
        scripts.put("test", "echo 'credentials not found in native keychain'; exit 1");
        assertThat(get("test")).isEqualTo(HelperResult.NOTHING);
        scripts.put("test", Scripts.answer("robot", ""));
        assertThat(get("test")).isEqualTo(HelperResult.NOTHING);
    }

    @Test
    void aFailureIsNamedAndNothingThatItWroteIsTold() throws IOException {
        scripts.put("test", "echo planted; echo planted >&2; exit 3");
        assertFailed(get("test"), "docker-credential-test failed with exit status 3");
        scripts.put("test", "exit 1");
        assertFailed(get("test"), "docker-credential-test failed with exit status 1");
        for (String answer : List.of("planted", "[\"planted\"]", "{\"Secret\":{\"planted\":1}}", "")) {
            scripts.put("test", "echo '" + answer + "'");
            assertFailed(get("test"), "docker-credential-test did not answer with JSON");
        }
        scripts.put("test", Scripts.answer("robot", "x".repeat(20_000)));
        assertFailed(get("test"), "docker-credential-test answered with a secret that is longer than 12288");
    }

    @Test
    void oneThatCrashesIsAFailure() throws IOException {
        scripts.put("test", "kill -9 $$");
        assertFailed(get("test"), "docker-credential-test failed with exit status 137");
    }

    @Test
    void oneThatIsNotThereOrCannotBeStartedIsAFailure() throws IOException {
        assertFailed(get("none"), "docker-credential-none is not on the PATH");
        Files.writeString(folder.resolve("docker-credential-plain"), "#!/bin/sh");
        assertFailed(
                get("plain"),
                "docker-credential-plain is " + folder.resolve("docker-credential-plain")
                        + ", which this user may not execute");
        scripts.put("broken", "");
        Files.writeString(folder.resolve("docker-credential-broken"), "#!/no/such/interpreter\n");
        assertFailed(get("broken"), "docker-credential-broken cannot be started");
    }

    @Test
    void oneThatCannotBeFoundIsToldWithWhereItWasLookedFor() throws IOException {
        Path none = folder.resolve("none");
        HelperProgram configured = new HelperProgram(new HelperFolders(none, List.of(folder)), GENEROUS);
        assertThat(configured.missing("test"))
                .isEqualTo("credential helper docker-credential-test is neither in " + none + " nor on the PATH");
        assertThat(configured.get("test", "x"))
                .isEqualTo(new Failed(
                        "credential helper docker-credential-test is neither in " + none + " nor on the PATH"));

        Path file = Files.writeString(folder.resolve("docker-credential-test"), "#!/bin/sh\n");
        assertThat(configured.missing("test"))
                .isEqualTo("credential helper docker-credential-test is " + file + ", which this user may not execute");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        assertThat(configured.missing("test")).isNull();
    }

    @Test
    void aNameIsNoPathAndNoOption() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("docker-credential-a"));
        new Scripts(inner).put("b", Scripts.answer("robot", "secret"));
        for (String name :
                List.of("", "../x", "a/docker-credential-b", "/bin/sh", "-x", "a b", "a;b", "a\nb", "a".repeat(65))) {
            HelperResult result = get(name);
            assertThat(result).as(name).isInstanceOf(Failed.class);
            assertThat(((Failed) result).problem()).contains("cannot be one").doesNotContain("\n");
        }
    }

    @Test
    void oneThatHangsIsEndedWithItsChildren() throws Exception {
        scripts.put("test", "sleep 1000 & echo $! > $FOLDER/child; echo $$ > $FOLDER/parent; wait");

        // On a busy machine it may take more than a second until it hangs.
        for (int seconds = 1; !hangs(); seconds *= 2) {
            assertThat(seconds).isLessThan(100);
            assertFailed(
                    get("test", Duration.ofSeconds(seconds)),
                    "docker-credential-test did not answer within " + seconds + " seconds");
        }
        for (String file : List.of("parent", "child")) {
            long pid = Long.parseLong(Files.readString(folder.resolve(file)).strip());
            Optional<ProcessHandle> process = ProcessHandle.of(pid);
            if (process.isPresent()) {
                process.get().onExit().get(60, TimeUnit.SECONDS);
            }
        }
    }

    private boolean hangs() throws IOException {
        Path last = folder.resolve("parent");
        return Files.exists(last) && Files.readString(last).endsWith("\n");
    }

    @Test
    void oneThatReadsNothingAndAnswersIsHeard() throws IOException {
        scripts.put("test", "exec <&-; " + Scripts.answer("robot", "secret"));
        assertThat(get("test")).isInstanceOf(Found.class);
    }

    @Test
    void aChildThatKeepsTheOutputOpenHoldsNobodyUp() throws Exception {
        scripts.put("test", "sleep 1000 & echo $! > $FOLDER/child; " + Scripts.answer("robot", "secret"));
        assertThat(get("test")).isEqualTo(new Found(new AuthConfig.Password("robot", "secret")));
        assertEnds("child");
    }

    /** It answered and has ended, and so has its child: nobody's child is left, and keeps no pipe open. */
    @Test
    void grandchildrenDieWithIt() throws Exception {
        scripts.put(
                "test",
                "sh -c 'sleep 1000 & echo $! > '$FOLDER'/grandchild; exit 0'; " + Scripts.answer("robot", "secret"));
        assertThat(get("test")).isEqualTo(new Found(new AuthConfig.Password("robot", "secret")));
        assertEnds("grandchild");
    }

    private void assertEnds(String file) throws Exception {
        long pid = Long.parseLong(Files.readString(folder.resolve(file)).strip());
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        try {
            if (process.isPresent()) {
                process.get().onExit().get(20, TimeUnit.SECONDS);
            }
        } finally {
            process.ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void endlessOutputIsCutOffAndStandardErrorIsDropped() throws IOException {
        scripts.put("test", "yes planted");
        assertFailed(get("test"), "docker-credential-test wrote more than 65536 bytes");
        scripts.put("test", "head -c 10000000 /dev/zero >&2; " + Scripts.answer("robot", "secret"));
        assertThat(get("test")).isInstanceOf(Found.class);
    }

    @Test
    void theFirstFolderThatHasItCounts(@TempDir Path other) throws IOException {
        scripts.put("test", Scripts.answer("robot", "first"));
        new Scripts(other).put("test", Scripts.answer("robot", "second"));
        HelperProgram program =
                new HelperProgram(new HelperFolders(folder.resolve("none"), List.of(folder, other)), GENEROUS);
        assertThat(program.get("test", "x")).isEqualTo(new Found(new AuthConfig.Password("robot", "first")));
    }
}
