package dev.unroot.model;

import dev.unroot.common.Text;
import org.jspecify.annotations.Nullable;

/**
 * The USER of an image's configuration, as the kubelet and the runtime take it.
 *
 * <p>Sources: kubelet {@code kuberuntime/security_context_others.go}; containerd CRI {@code image_status.go} (text before
 * the first colon, parsed as a decimal int64) and {@code oci.WithUserID}/{@code WithUsername} (the image's own
 * {@code /etc/passwd}).
 */
public sealed interface ImageUser {
    /** What happens where the pod sets neither field. */
    ImageVerdict verdict();

    /** Whether the kubelet starts it under {@code runAsNonRoot: true} without a runAsUser. */
    default boolean startsUnderRunAsNonRoot() {
        return false;
    }

    /** The uid of the process; null where it has none that can be told. */
    default @Nullable Long uid() {
        return null;
    }

    /** The gid of the process; null where it has none, or nobody looked. */
    default @Nullable Long gid() {
        return null;
    }

    /** The USER as the image has it; empty where it sets none. */
    String raw();

    /** A clause that follows {@code image X}: {@code sets no USER}. */
    String reason();

    /** No USER, or nothing before its first colon: uid 0. */
    record Unset(String raw, @Nullable Long gid) implements ImageUser {
        @Override
        public ImageVerdict verdict() {
            return ImageVerdict.ROOT;
        }

        @Override
        public Long uid() {
            return 0L;
        }

        @Override
        public String reason() {
            return raw.isEmpty() ? "sets no USER" : "has USER " + Text.quote(raw) + ", which names no user";
        }
    }

    /** A decimal number in 0..2147483647: that uid; the group part is dropped. */
    record Numeric(String raw, Long uid, @Nullable Long gid) implements ImageUser {
        @Override
        public ImageVerdict verdict() {
            return uid == 0 ? ImageVerdict.ROOT : ImageVerdict.NON_ROOT;
        }

        @Override
        public boolean startsUnderRunAsNonRoot() {
            return uid != 0;
        }

        @Override
        public String reason() {
            return "has USER " + Text.quote(raw);
        }
    }

    /**
     * A decimal number outside 0..2147483647. Runtimes refuse it, or wrap it to 0 (CVE-2024-40635), or look it up as a
     * name (CVE-2026-46680): it counts as root.
     *
     * @param fitsInt64 false where the kubelet cannot parse it either and takes it for a name
     */
    record OutOfRange(String raw, boolean fitsInt64) implements ImageUser {
        @Override
        public ImageVerdict verdict() {
            return ImageVerdict.ROOT;
        }

        @Override
        public boolean startsUnderRunAsNonRoot() {
            return fitsInt64;
        }

        @Override
        public String reason() {
            return "has USER " + Text.quote(raw) + ", outside 0..2147483647, which some runtimes turn into uid 0";
        }
    }

    /** Anything else: a name, looked up in the image. The kubelet never starts it under {@code runAsNonRoot: true}. */
    record Named(String name, Account account) implements ImageUser {
        @Override
        public String raw() {
            return name;
        }

        @Override
        public ImageVerdict verdict() {
            return account.verdict();
        }

        @Override
        public @Nullable Long uid() {
            Account.Row row = account.row();
            return row == null ? null : row.uid();
        }

        @Override
        public @Nullable Long gid() {
            Account.Row row = account.row();
            return row == null ? null : row.gid();
        }

        @Override
        public String reason() {
            return "has USER " + Text.quote(name) + ", " + account.reason();
        }
    }

    /**
     * The user of a Windows image; Windows knows neither uids nor passwd.
     *
     * @param name the USER; empty where the image sets none: it then starts as ContainerAdministrator
     */
    record Windows(String name) implements ImageUser {
        @Override
        public String raw() {
            return name;
        }

        @Override
        public ImageVerdict verdict() {
            return administrator() != null ? ImageVerdict.ROOT : ImageVerdict.NON_ROOT;
        }

        /** The account with an administrator's rights that it starts as; null where it is none of these. */
        public @Nullable String administrator() {
            return name.isBlank() ? WindowsAccount.CONTAINER_ADMINISTRATOR : WindowsAccount.administrator(name);
        }

        /**
         * All that the kubelet looks for, in any letter case (CVE-2021-25749), is this one name: {@code
         * security_context_windows.go}. An empty USER does start, as ContainerAdministrator (kubernetes#112469).
         */
        @Override
        public boolean startsUnderRunAsNonRoot() {
            return !name.equalsIgnoreCase(WindowsAccount.CONTAINER_ADMINISTRATOR);
        }

        @Override
        public String reason() {
            return name.isEmpty()
                    ? "sets no USER, and Windows then starts it as ContainerAdministrator"
                    : "has USER " + Text.quote(name);
        }
    }
}
