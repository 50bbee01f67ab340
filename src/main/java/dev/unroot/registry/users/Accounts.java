package dev.unroot.registry.users;

import dev.unroot.model.Account;
import dev.unroot.registry.layer.PasswdFile;
import org.jspecify.annotations.Nullable;

/** The users that an image's {@code /etc/passwd} lists. */
interface Accounts {
    /** What a container gets that is to start as this name. */
    Account named(String name);

    /** The gid of a container that starts with this uid; null where it cannot be told. */
    @Nullable
    Long gidOf(long uid);

    static Accounts of(PasswdFile file) {
        if (file instanceof PasswdFile.Found found) {
            return Passwd.parse(found.content());
        }
        if (file instanceof PasswdFile.Unclear unclear) {
            return unclear("but " + unclear.why());
        }
        return new Accounts() {
            @Override
            public Account named(String name) {
                return new Account.NoPasswd();
            }

            @Override
            public Long gidOf(long uid) {
                return 0L;
            }
        };
    }

    /** @param why a clause that follows {@code has USER "app", } */
    static Accounts unclear(String why) {
        return new Accounts() {
            @Override
            public Account named(String name) {
                return new Account.Undeterminable(why);
            }

            @Override
            public @Nullable Long gidOf(long uid) {
                return null;
            }
        };
    }
}
