package dev.unroot.registry.users;

import dev.unroot.model.ImageUser;
import dev.unroot.registry.layer.PasswdFile;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The user of an image that exists only in a test: its USER and passwd, taken as a real image's are. */
public final class UserOfImage {
    private UserOfImage() {}

    /** @param passwd null where the image has none */
    public static ImageUser onLinux(String user, @Nullable String passwd) {
        return new UserField(user)
                .onLinux(Accounts.of(
                        passwd == null
                                ? new PasswdFile.None()
                                : new PasswdFile.Found(passwd.getBytes(StandardCharsets.UTF_8))));
    }

    public static ImageUser onWindows(String user) {
        return new UserField(user).onWindows();
    }
}
