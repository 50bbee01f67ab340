package dev.unroot.command;

import dev.unroot.model.Account;
import dev.unroot.model.ImageUser;
import dev.unroot.model.ImageVerdict;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What to write in a pod that runs an image. A uid is named only when the image itself offers one. */
final class ImageAdvice {
    private ImageAdvice() {}

    /** One sentence; null where there is nothing to say. */
    static @Nullable String of(List<InspectedImage.Row> rows) {
        if (any(rows, ImageVerdict.ROOT)) {
            return againstRoot(rows);
        }
        if (any(rows, ImageVerdict.WILL_NOT_START)) {
            return "Rebuild it with a numeric USER, or with one that its /etc/passwd lists.";
        }
        if (any(rows, ImageVerdict.UNVERIFIED)) {
            return null;
        }
        Set<Long> uids = new HashSet<>();
        boolean starts = true;
        for (InspectedImage.Row row : rows) {
            ImageUser user = row.user();
            Long uid = user == null ? null : user.uid();
            if (uid == null || uid < 1 || uid > Account.MAX_UID) {
                return null;
            }
            uids.add(uid);
            starts &= user != null && user.startsUnderRunAsNonRoot();
        }
        if (uids.size() != 1) {
            return "Its platforms run as different uids: rebuild it with one numeric USER.";
        }
        String line = "securityContext.runAsUser: " + uids.iterator().next();
        return starts
                ? "Set securityContext.runAsNonRoot: true, or pin it with " + line
                : "Set " + line + " (with runAsNonRoot: true alone the kubelet refuses it)";
    }

    /** Windows takes no uid: there it is a name that pins the user. */
    private static String againstRoot(List<InspectedImage.Row> rows) {
        List<InspectedImage.Row> roots =
                rows.stream().filter(row -> row.verdict() == ImageVerdict.ROOT).toList();
        long windows = roots.stream()
                .filter(row -> row.user() instanceof ImageUser.Windows)
                .count();
        if (windows == 0) {
            return "Rebuild it with a numeric USER, or set securityContext.runAsUser to a uid it works with.";
        }
        String onWindows = "ebuild it with USER ContainerUser, or set securityContext.windowsOptions.runAsUserName:"
                + " ContainerUser.";
        return windows == roots.size()
                ? "R" + onWindows
                : "Rebuild it with a numeric USER, or set securityContext.runAsUser to a uid it works with; for"
                        + " Windows, r"
                        + onWindows;
    }

    private static boolean any(List<InspectedImage.Row> rows, ImageVerdict verdict) {
        return rows.stream().anyMatch(row -> row.verdict() == verdict);
    }
}
