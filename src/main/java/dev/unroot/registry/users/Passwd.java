package dev.unroot.registry.users;

import dev.unroot.model.Account;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an {@code /etc/passwd}, as moby/sys/user {@code ParsePasswdFilter} reads them: trimmed, split at colons, no
 * comments, missing fields zero, errors in numbers ignored. All text is held one char per byte: names compare as bytes.
 */
final class Passwd implements Accounts {
    /** Go's {@code bufio.Scanner} gives up on a longer line, and with it on the file. */
    private static final int LONGEST_LINE = (1 << 16) - 1;

    private final String text;

    private Passwd(String text) {
        this.text = text;
    }

    static Accounts parse(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        int start = 0;
        while (start < text.length()) {
            int end = endOfLine(text, start);
            if (end - start > LONGEST_LINE) {
                return Accounts.unclear("but its /etc/passwd holds a line of 64 KiB or more");
            }
            start = end + 1;
        }
        return new Passwd(text);
    }

    @Override
    public Account named(String name) {
        String bytes = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        Row row = first(candidate -> candidate.name.equals(bytes));
        if (row == null) {
            return new Account.Missing();
        }
        Long uid = Decimal.id(row.uid);
        return new Account.Row(uid == null ? 0 : uid, row.gidOrZero(), uid != null);
    }

    /** That of the first row with the uid, else 0 (containerd {@code oci.WithUserID}). */
    @Override
    public Long gidOf(long uid) {
        Row row = first(candidate -> candidate.hasUid(uid));
        return row == null ? 0L : row.gidOrZero();
    }

    private @Nullable Row first(Predicate<Row> wanted) {
        int start = 0;
        while (start < text.length()) {
            int end = endOfLine(text, start);
            String line = GoSpace.trim(text.substring(start, end));
            if (!line.isEmpty()) {
                Row row = Row.of(line);
                if (wanted.test(row)) {
                    return row;
                }
            }
            start = end + 1;
        }
        return null;
    }

    private static int endOfLine(String text, int start) {
        int newline = text.indexOf('\n', start);
        return newline < 0 ? text.length() : newline;
    }

    /** The fields that count, as written; empty where missing. */
    private record Row(String name, String uid, String gid) {
        static Row of(String line) {
            String[] fields = line.split(":", 5);
            return new Row(fields[0], fields.length > 2 ? fields[2] : "", fields.length > 3 ? fields[3] : "");
        }

        /** What is no number at all is 0 to the runtime. */
        boolean hasUid(long wanted) {
            Long id = Decimal.isNumber(uid) ? Decimal.id(uid) : Long.valueOf(0);
            return id != null && id == wanted;
        }

        long gidOrZero() {
            Long id = Decimal.id(gid);
            return id == null ? 0 : id;
        }
    }
}
