package dev.unroot.command;

import dev.unroot.model.Account;
import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageUser;
import dev.unroot.model.ImageVerdict;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.UnknownCause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code image} has to say about one of its arguments. */
sealed interface InspectedImage {
    /** The reference in full, or the argument where it is none. */
    String reference();

    int exitStatus();

    /** @param digest of what the reference names */
    record Known(String reference, String digest, List<Row> rows) implements InspectedImage {
        static Known of(String reference, ImageFacts.Known facts) {
            List<Row> rows = new ArrayList<>();
            for (PlatformUser user : facts.users()) {
                rows.add(new Row(
                        user.platform(),
                        user.runtimes(),
                        user.user(),
                        user.user().verdict(),
                        user.user().reason()));
            }
            for (Platform missing : facts.missing()) {
                rows.add(new Row(missing, List.of(), null, ImageVerdict.UNVERIFIED, "is not built for this platform"));
            }
            return new Known(reference, facts.digest(), rows);
        }

        @Override
        public int exitStatus() {
            boolean fine = rows.stream()
                    .noneMatch(row -> row.verdict() == ImageVerdict.ROOT || row.verdict() == ImageVerdict.UNVERIFIED);
            return fine ? ExitStatus.OK : ExitStatus.NOT_ALLOWED;
        }
    }

    /**
     * One platform of it.
     *
     * @param runtimes those that start this user, where others start another one; empty where all agree
     * @param user null where the image is not built for the platform
     * @param reason a clause that follows "the image"
     */
    record Row(
            Platform platform,
            List<ContainerRuntime> runtimes,
            @Nullable ImageUser user,
            ImageVerdict verdict,
            String reason) {
        /** {@code linux/amd64}, or {@code linux/amd64 under CRI-O and podman}. */
        String place() {
            return runtimes.isEmpty() ? platform.toString() : platform + " under " + ContainerRuntime.list(runtimes);
        }

        String withRunAsNonRoot() {
            return user != null && user.startsUnderRunAsNonRoot() ? "starts" : "refused";
        }

        /** Why it is unverified; null where it is not. */
        @Nullable
        UnknownCause cause() {
            if (user == null) {
                return UnknownCause.PLATFORM_MISSING;
            }
            return user instanceof ImageUser.Named named && named.account() instanceof Account.Undeterminable
                    ? UnknownCause.UNDETERMINABLE
                    : null;
        }
    }

    /** An image that could not be read. */
    record Unverified(String reference, UnknownCause cause, String reason) implements InspectedImage {
        @Override
        public int exitStatus() {
            return ExitStatus.NOT_ALLOWED;
        }
    }

    /**
     * An argument that names no image, or a fault of our own.
     *
     * @param fault the exception behind it, where the fault is ours
     */
    record Unusable(
            String reference, String reason, @Nullable Throwable fault) implements InspectedImage {
        @Override
        public int exitStatus() {
            return ExitStatus.USAGE;
        }
    }
}
