package dev.unroot.command;

import dev.unroot.manifest.ManifestLocation;
import dev.unroot.model.Finding;
import dev.unroot.model.Level;
import dev.unroot.model.Subject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code check} has to say about one place of its input. */
sealed interface CheckResult {
    ManifestLocation location();

    int exitStatus();

    /**
     * An object that makes pods.
     *
     * @param allowed its pods would be admitted
     * @param exemption why it was not judged; null where it was
     */
    record Judged(
            ManifestLocation location,
            Subject subject,
            Level level,
            boolean allowed,
            @Nullable String exemption,
            List<Finding> findings)
            implements CheckResult {
        @Override
        public int exitStatus() {
            return allowed ? ExitStatus.OK : ExitStatus.NOT_ALLOWED;
        }
    }

    /**
     * An object that makes none.
     *
     * @param remarks what the webhook would warn whoever applies it about: sentences without full stop
     */
    record Other(ManifestLocation location, List<String> remarks) implements CheckResult {
        @Override
        public int exitStatus() {
            return ExitStatus.OK;
        }
    }

    /**
     * An object that seems to make pods, of a kind that is not known to, or that has no containers. Others' kinds are many, and
     * patches are no mistake: it is told, and no error.
     */
    record NotJudged(ManifestLocation location, Subject subject, String message) implements CheckResult {
        @Override
        public int exitStatus() {
            return ExitStatus.OK;
        }
    }

    /** @param fault the exception behind it, where the fault is ours; null where it is the input's */
    record Unreadable(
            ManifestLocation location,
            String message,
            @Nullable Throwable fault) implements CheckResult {
        @Override
        public int exitStatus() {
            return ExitStatus.USAGE;
        }
    }
}
