package dev.unroot.model;

import org.jspecify.annotations.Nullable;

/** What an image's {@code /etc/passwd} says of a user name. */
public sealed interface Account {
    /** The largest uid a runtime starts. */
    long MAX_UID = Integer.MAX_VALUE;

    /**
     * The first row with that name.
     *
     * @param uid 0..2147483647; 0 also where the row holds none that can be read
     * @param gid likewise
     * @param readable false where the uid field is missing, malformed or out of range: runtimes then take 0 or worse
     */
    record Row(long uid, long gid, boolean readable) implements Account {
        @Override
        public ImageVerdict verdict() {
            return uid == 0 ? ImageVerdict.ROOT : ImageVerdict.NON_ROOT;
        }

        @Override
        public String reason() {
            return readable
                    ? "which is uid " + uid + " in its /etc/passwd"
                    : "whose row in its /etc/passwd holds no valid uid, which counts as 0";
        }
    }

    /** There is a passwd, and no such name in it. */
    record Missing() implements Account {
        @Override
        public ImageVerdict verdict() {
            return ImageVerdict.WILL_NOT_START;
        }

        @Override
        public String reason() {
            return "which its /etc/passwd does not list";
        }
    }

    /** The image has no passwd. */
    record NoPasswd() implements Account {
        @Override
        public ImageVerdict verdict() {
            return ImageVerdict.WILL_NOT_START;
        }

        @Override
        public String reason() {
            return "and no /etc/passwd to look it up in";
        }
    }

    /**
     * The passwd could not be read, or snapshotters may see it differently.
     *
     * @param why a clause: {@code but its /etc/passwd is a link}
     */
    record Undeterminable(String why) implements Account {
        @Override
        public ImageVerdict verdict() {
            return ImageVerdict.UNVERIFIED;
        }

        @Override
        public String reason() {
            return why;
        }
    }

    ImageVerdict verdict();

    /** A clause that follows {@code has USER "app", }. */
    String reason();

    default @Nullable Row row() {
        return this instanceof Row row ? row : null;
    }
}
