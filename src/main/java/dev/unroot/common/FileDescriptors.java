package dev.unroot.common;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files and connections this process may have open at once, by {@code ulimit -n}. */
public final class FileDescriptors {
    private FileDescriptors() {}

    /** {@link Long#MAX_VALUE} where it is not known. A JVM raises the soft limit to the hard one when it starts. */
    public static long limit() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                && unix.getMaxFileDescriptorCount() > 0) {
            return unix.getMaxFileDescriptorCount();
        }
        return Long.MAX_VALUE;
    }

    /** Whether a failure says, in the words of the operating system, that there is none left. */
    public static boolean exhausted(Throwable failure) {
        return String.valueOf(failure.getMessage()).contains("Too many open files");
    }
}
