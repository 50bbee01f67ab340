package dev.unroot.registry.credentials;

import dev.unroot.common.Text;
import dev.unroot.registry.credentials.HelperResult.Failed;
import dev.unroot.registry.credentials.HelperResult.Found;
import dev.unroot.registry.documents.GoJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@code docker-credential-NAME get}: the registry's address on its standard input, JSON on its standard output. Without
 * a shell, and for a limited time; what it writes on standard error is dropped unread.
 *
 * <p>Source: docker/docker-credential-helpers, {@code client/client.go} and {@code credentials/error.go}.
 */
final class HelperProgram {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String NOT_FOUND = "credentials not found in native keychain";
    /** The user name under which a helper gives a refresh token. */
    private static final String IDENTITY_TOKEN = "<token>";

    private final HelperFolders folders;
    private final Duration timeout;

    HelperProgram(HelperFolders folders, Duration timeout) {
        this.folders = folders;
        this.timeout = timeout;
    }

    /** Blocks until it has ended or its time is up. */
    HelperResult get(String name, String server) {
        String program = "docker-credential-" + name;
        Path file = NAME.matcher(name).matches() ? folders.find(program) : null;
        if (file == null) {
            return new Failed(whyMissing(name));
        }
        String mark = UUID.randomUUID().toString();
        Process process;
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(file.toString(), "get").redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put(ProcessOutput.MARK, mark);
            process = builder.start();
        } catch (IOException e) {
            return new Failed("credential helper " + program + " cannot be started");
        }
        ProcessOutput output = new ProcessOutput(process, mark, timeout);
        try {
            ask(process, server);
            return result(program, output.read());
        } catch (ProcessOutput.Excess e) {
            return new Failed("credential helper " + program + " " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Failed("credential helper " + program + " was interrupted");
        } finally {
            output.kill();
        }
    }

    /** What keeps a helper from being run, a clause that names it; null where it is there. */
    @Nullable
    String missing(String name) {
        boolean there = NAME.matcher(name).matches() && folders.find("docker-credential-" + name) != null;
        return there ? null : whyMissing(name);
    }

    private String whyMissing(String name) {
        return NAME.matcher(name).matches()
                ? "credential helper docker-credential-" + name + " " + folders.whyNot("docker-credential-" + name)
                : "credential helper " + Text.quote(name)
                        + " cannot be one: its name is what follows docker-credential-, without a path";
    }

    /** So little that no pipe is full of it. */
    private static void ask(Process process, String server) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(server.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended or does not read: its answer says more.
        }
    }

    private static HelperResult result(String program, ProcessOutput.Ended ended) {
        if (ended.status() != 0) {
            return ended.text().strip().equals(NOT_FOUND)
                    ? HelperResult.NOTHING
                    : new Failed("credential helper " + program + " failed with exit status " + ended.status());
        }
        String[] answer = {"", ""};
        try {
            GoJson.document(ended.text().getBytes(StandardCharsets.UTF_8), (key, value) -> {
                switch (key) {
                    case "username" -> answer[0] = GoJson.string(value, answer[0]);
                    case "secret" -> answer[1] = GoJson.string(value, answer[1]);
                    default -> {
                        // The registry's address again.
                    }
                }
            });
        } catch (IOException e) {
            return new Failed("credential helper " + program + " did not answer with JSON");
        }
        String username = answer[0];
        String secret = answer[1];
        if (username.length() + secret.length() > AuthConfigs.LONGEST) {
            return new Failed("credential helper " + program + " answered with a secret that is longer than "
                    + AuthConfigs.LONGEST);
        }
        AuthConfig authConfig = username.equals(IDENTITY_TOKEN) && !secret.isEmpty()
                ? new AuthConfig.IdentityToken(secret)
                : AuthConfigs.of(username, secret);
        return authConfig == null ? HelperResult.NOTHING : new Found(authConfig);
    }
}
