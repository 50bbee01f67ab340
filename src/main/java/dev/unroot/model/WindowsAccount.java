package dev.unroot.model;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that have an administrator's rights in every Windows container, however they are spelt. Names and domains are
 * compared without regard to letter case, as Windows does, and by the user's part alone: what domain stands before it does not
 * make it less.
 *
 * <p>Sources: Microsoft, "Windows Container Security" (ContainerAdministrator, ContainerUser), "Create a Windows HostProcess
 * pod" (LocalSystem, LocalService, NetworkService; local groups), "Security identifiers" (well-known SIDs).
 */
public final class WindowsAccount {
    public static final String CONTAINER_ADMINISTRATOR = "ContainerAdministrator";

    private static final Pattern BUILT_IN_ADMINISTRATOR = Pattern.compile("s-1-5-21-[0-9-]+-500");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private WindowsAccount() {}

    /**
     * The usual name of an account with an administrator's rights: {@code NT AUTHORITY\SYSTEM} of {@code LocalSystem}.
     *
     * @param userName as {@code runAsUserName} or an image's USER has it: {@code user}, {@code domain\\user}, {@code user@domain},
     *     or a SID
     * @return null for any other account: ContainerUser, LocalService, NetworkService, and those that an image adds, whose
     *     groups only the image knows
     */
    public static @Nullable String administrator(String userName) {
        String user = folded(userPart(userName));
        return switch (user) {
            case "containeradministrator", "s-1-5-93-2-1" -> CONTAINER_ADMINISTRATOR;
            case "system", "localsystem", "s-1-5-18" -> "NT AUTHORITY\\SYSTEM";
            case "administrators", "s-1-5-32-544" -> "BUILTIN\\Administrators";
            case "administrator" -> "Administrator";
            case "trustedinstaller" -> "NT SERVICE\\TrustedInstaller";
            default -> BUILT_IN_ADMINISTRATOR.matcher(user).matches() ? "Administrator" : null;
        };
    }

    private static String userPart(String userName) {
        int domain = Math.max(userName.lastIndexOf('\\'), userName.lastIndexOf('/'));
        if (domain >= 0) {
            return userName.substring(domain + 1);
        }
        int at = userName.indexOf('@');
        return at < 0 ? userName : userName.substring(0, at);
    }

    /** By way of upper case, in which letters meet that lower case keeps apart, as the long s does the s. */
    private static String folded(String user) {
        return SPACES.matcher(user).replaceAll("").toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
}
