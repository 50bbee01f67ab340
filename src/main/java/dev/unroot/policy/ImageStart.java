package dev.unroot.policy;

import static dev.unroot.model.FindingKind.ADVICE;
import static dev.unroot.model.FindingKind.UNVERIFIED;
import static dev.unroot.model.FindingKind.VIOLATION;
import static dev.unroot.model.FindingKind.WILL_NOT_START;

import dev.unroot.common.Text;
import dev.unroot.model.Account;
import dev.unroot.model.Confidence;
import dev.unroot.model.Container;
import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.ImageUser;
import dev.unroot.model.ImageVerdict;
import dev.unroot.model.PlatformUser;
import dev.unroot.model.UnknownCause;
import dev.unroot.model.WindowsAccount;
import org.jspecify.annotations.Nullable;

/**
 * How a container starts whose user its image decides, and what to say about it: the rows of the level table where
 * runAsUser is unset and the image is known.
 */
record ImageStart(Judgement judgement, Container container, ImageNeed need, ImageFacts.Known known) {
    private static final String CHECK = "imageUser";
    private static final String PIN_ADVICE = "pinUser";
    private static final String CHOOSE_UID =
            "Rebuild it with a numeric USER, or set securityContext.runAsUser to a uid it works with";
    private static final String CHOOSE_WINDOWS_USER =
            "Set securityContext.windowsOptions.runAsUserName: ContainerUser, or rebuild it with USER ContainerUser";

    /**
     * The finding for one platform; null where there is nothing to say.
     *
     * @param where empty, or {@code  on linux/arm64} where platforms disagree
     */
    @Nullable
    Finding of(PlatformUser platformUser, String where) {
        ImageUser user = platformUser.user();
        if (user instanceof ImageUser.Windows || judgement.pod().runsOnWindows()) {
            return onWindows(user, where);
        }
        return container.effective().kubeletRefusesRoot() ? underRunAsNonRoot(user, where) : unguarded(user, where);
    }

    private @Nullable Finding onWindows(ImageUser user, String where) {
        if (container.effective().namesWindowsUser()) {
            return null;
        }
        if (user.verdict() == ImageVerdict.ROOT) {
            String administrator = user instanceof ImageUser.Windows windows ? windows.administrator() : null;
            String who = administrator == null ? WindowsAccount.CONTAINER_ADMINISTRATOR : administrator;
            return finding(
                    VIOLATION,
                    "runs as " + who + where + ": image " + image() + " " + user.reason(),
                    CHOOSE_WINDOWS_USER);
        }
        return need == ImageNeed.REQUIRED && isOnlyATagsWord() ? untrusted("not an administrator", where) : null;
    }

    /** The kubelet stands guard: only what slips past an older one is a violation. */
    private @Nullable Finding underRunAsNonRoot(ImageUser user, String where) {
        if (user.startsUnderRunAsNonRoot()) {
            return user.verdict() == ImageVerdict.ROOT ? root(user, where) : null;
        }
        String will = "will not start" + where + ": runAsNonRoot is true, but image " + image() + " ";
        if (user instanceof ImageUser.Named named) {
            String clause = will + "has USER " + Text.quote(named.name()) + " and the kubelet only accepts numbers";
            Account.Row row = named.account().row();
            return finding(WILL_NOT_START, clause, row != null && row.uid() != 0 ? writeUid(named, row) : CHOOSE_UID);
        }
        return finding(WILL_NOT_START, will + user.reason() + ", and the kubelet refuses to run root", CHOOSE_UID);
    }

    private static String writeUid(ImageUser.Named named, Account.Row row) {
        return "Set securityContext.runAsUser: " + row.uid() + " (what " + Text.quote(named.name())
                + " is in the image)";
    }

    private @Nullable Finding unguarded(ImageUser user, String where) {
        return switch (user.verdict()) {
            case ROOT -> root(user, where);
            case NON_ROOT -> nonRoot(user, where);
            case WILL_NOT_START ->
                finding(
                        WILL_NOT_START,
                        "will not start" + where + ": image " + image() + " " + user.reason(),
                        CHOOSE_UID);
            case UNVERIFIED -> need == ImageNeed.REQUIRED ? undeterminable(user, where) : null;
        };
    }

    private Finding root(ImageUser user, String where) {
        String runs = user.uid() == null ? "may run as root" : "runs as root";
        return finding(VIOLATION, runs + where + ": image " + image() + " " + user.reason(), CHOOSE_UID);
    }

    private @Nullable Finding nonRoot(ImageUser user, String where) {
        if (need != ImageNeed.REQUIRED) {
            return null;
        }
        if (isOnlyATagsWord()) {
            return untrusted("not root", where);
        }
        if (!judgement.advises()) {
            return null;
        }
        ImageReference reference = image().reference();
        String clause = "runs as uid " + user.uid() + where + " only because image " + reference + " says so";
        String fix = "Set securityContext.runAsUser: " + user.uid() + " and it stays so";
        return finding(PIN_ADVICE, ADVICE, clause, fix, null);
    }

    private boolean isOnlyATagsWord() {
        return known.confidence() != Confidence.DIGEST
                && !judgement.options().trustsEveryTag()
                && !judgement.options().trustsTagOf(image().reference());
    }

    private Finding untrusted(String said, String where) {
        String clause = "could not be verified" + where + ": image " + image().reference() + " is " + said
                + ", but that is a tag's word, and imageLookup.trustTags does not list it";
        return unverified(
                UnknownCause.UNTRUSTED_TAG,
                clause,
                UnknownCause.UNTRUSTED_TAG.fix() + LookupAdvice.spared(judgement, container));
    }

    private Finding undeterminable(ImageUser user, String where) {
        String clause = "could not be verified" + where + ": image " + image() + " " + user.reason();
        // runAsNonRoot: true would not help here: the kubelet refuses every name.
        return unverified(UnknownCause.UNDETERMINABLE, clause, CHOOSE_UID);
    }

    private Finding unverified(UnknownCause cause, String clause, String fix) {
        return finding(CHECK, UNVERIFIED, clause, fix, cause);
    }

    private Finding finding(FindingKind kind, String clause, String fix) {
        return finding(CHECK, kind, clause, fix, null);
    }

    private Finding finding(String check, FindingKind kind, String clause, String fix, @Nullable UnknownCause cause) {
        return new Finding(
                check, kind, container, container.path().child("image"), clause, fix, known.confidence(), cause);
    }

    private Image image() {
        return new Image(container);
    }
}
