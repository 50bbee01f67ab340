package dev.unroot.cases;

import dev.unroot.model.ImageUser;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.users.UserOfImage;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a case says of an image.
 *
 * @param user the USER of its configuration; empty where it sets none
 * @param passwd its {@code /etc/passwd}; null where it has none
 * @param os {@code linux} or {@code windows}
 * @param platforms where it is built for just some platforms or differs among them, the image of each; else empty, and
 *     it is built for every platform of its operating system
 * @param unknown why it cannot be read; null where it can
 * @param reason the words for that
 */
record CaseImage(
        String user,
        @Nullable String passwd,
        String os,
        Map<String, CaseImage> platforms,
        @Nullable UnknownCause unknown,
        @Nullable String reason) {

    static CaseImage of(CaseFields fields) {
        Map<String, CaseImage> platforms = new TreeMap<>();
        fields.objects("platforms").forEach((platform, image) -> platforms.put(platform, of(image)));
        String unknown = fields.textOrNull("unknown");
        CaseImage image = new CaseImage(
                platforms.isEmpty() && unknown == null ? fields.text("user") : "",
                fields.textOrNull("passwd"),
                fields.has("os") ? fields.text("os") : "linux",
                platforms,
                unknown == null ? null : cause(unknown),
                unknown == null ? null : fields.text("reason"));
        fields.nothingElse();
        return image;
    }

    static UnknownCause cause(String label) {
        return Arrays.stream(UnknownCause.values())
                .filter(cause -> cause.label().equals(label))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException(label + " is no cause"));
    }

    ImageUser userOn(Platform platform) {
        return platform.isWindows() ? UserOfImage.onWindows(user) : UserOfImage.onLinux(user, passwd);
    }
}
