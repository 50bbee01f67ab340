package dev.unroot.registry.users;

import dev.unroot.model.ImageUser;
import org.jspecify.annotations.Nullable;

/**
 * The USER of an image's configuration, taken apart.
 *
 * <p>Source: containerd CRI {@code image_status.go}: the text before the first colon, parsed as a decimal int64; what does
 * not parse is a name, what is empty is uid 0.
 */
record UserField(String raw) {
    /** Without the group, which the kubelet drops. */
    String user() {
        int colon = raw.indexOf(':');
        return colon < 0 ? raw : raw.substring(0, colon);
    }

    /** True where only the image's passwd tells the uid. */
    boolean isName() {
        return !user().isEmpty() && !Decimal.isNumber(user());
    }

    /**
     * The user of a Linux image.
     *
     * @param accounts of its passwd; null where nobody read it, which {@link #isName} forbids
     */
    ImageUser onLinux(@Nullable Accounts accounts) {
        String user = user();
        if (user.isEmpty()) {
            return new ImageUser.Unset(raw, accounts == null ? null : accounts.gidOf(0));
        }
        if (Decimal.isNumber(user)) {
            Long uid = Decimal.id(user);
            return uid == null
                    ? new ImageUser.OutOfRange(raw, Decimal.fitsInt64(user))
                    : new ImageUser.Numeric(raw, uid, accounts == null ? null : accounts.gidOf(uid));
        }
        if (accounts == null) {
            throw new IllegalStateException("a name needs its passwd");
        }
        return new ImageUser.Named(user, accounts.named(user));
    }

    /** The user of a Windows image. */
    ImageUser onWindows() {
        return new ImageUser.Windows(user());
    }
}
