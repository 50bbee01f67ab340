package dev.unroot.agreement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node does with a Linux container, written from the sources of kubelet and containerd and from measurements, and
 * from nothing of Unroot's. Sources: kubelet {@code security_context_others.go} and {@code pkg/securitycontext/util.go};
 * containerd {@code image_status.go}, {@code oci.WithUserID}, {@code oci.WithUsername}.
 */
final class KubeletOracle {
    private static final String ROWS =
            "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\nbad:x:12ab:3::/:\nfew:x\n"
                    + "neg:x:-1:0::/:/bin/sh\nbig:x:4294967296:0::/:/bin/sh\nempty:x::0::/:/bin/sh\ndup:x:1001:1001::/:\n"
                    + "dup:x:0:0::/:\n2147483648:x:0:0::/:\n1000:x:0:0::/:\n0x0:x:1234:1234::/:\nspace:x: 1000:0::/:\n";
    private static final String RENAMED = "root:x:1234:1234::/:/bin/sh\nadmin:x:0:0::/:/bin/sh\n";

    /** Every kind of image USER there is. */
    static final List<Image> IMAGES = List.of(
            // USER, passwd, refused under runAsNonRoot, how its process runs otherwise
            new Image("", ROWS, true, Runs.AS_ROOT),
            new Image("", null, true, Runs.AS_ROOT),
            new Image(":", ROWS, true, Runs.AS_ROOT),
            new Image(":1000", ROWS, true, Runs.AS_ROOT),
            new Image("0", ROWS, true, Runs.AS_ROOT),
            new Image("0", RENAMED, true, Runs.AS_ROOT),
            new Image("00", ROWS, true, Runs.AS_ROOT),
            new Image("+0", null, true, Runs.AS_ROOT),
            new Image("-0", ROWS, true, Runs.AS_ROOT),
            new Image("000000000000000000000", ROWS, true, Runs.AS_ROOT),
            new Image("0:1000", ROWS, true, Runs.AS_ROOT),
            new Image("1", ROWS, false, Runs.AS_SOMEONE),
            new Image("1000", ROWS, false, Runs.AS_SOMEONE),
            new Image("1000", null, false, Runs.AS_SOMEONE),
            new Image("+1000", ROWS, false, Runs.AS_SOMEONE),
            new Image("01000", ROWS, false, Runs.AS_SOMEONE),
            new Image("1000:", ROWS, false, Runs.AS_SOMEONE),
            new Image("1000:0", ROWS, false, Runs.AS_SOMEONE),
            new Image("1:2:3", ROWS, false, Runs.AS_SOMEONE),
            new Image("2147483647", ROWS, false, Runs.AS_SOMEONE),
            new Image("2147483648", ROWS, false, Runs.OUT_OF_RANGE),
            new Image("4294967296", null, false, Runs.OUT_OF_RANGE),
            new Image("9223372036854775807", ROWS, false, Runs.OUT_OF_RANGE),
            new Image("9223372036854775808", ROWS, true, Runs.OUT_OF_RANGE),
            new Image("18446744073709551616:0", ROWS, true, Runs.OUT_OF_RANGE),
            new Image("-1", ROWS, false, Runs.OUT_OF_RANGE),
            new Image("-9223372036854775808", ROWS, false, Runs.OUT_OF_RANGE),
            new Image("-9223372036854775809", ROWS, true, Runs.OUT_OF_RANGE),
            new Image("root", ROWS, true, Runs.AS_ROOT),
            new Image("root:root", ROWS, true, Runs.AS_ROOT),
            new Image("root", RENAMED, true, Runs.AS_SOMEONE),
            new Image("root", null, true, Runs.NOT),
            new Image("toor", ROWS, true, Runs.AS_ROOT),
            new Image("app", ROWS, true, Runs.AS_SOMEONE),
            new Image("app:nosuch", ROWS, true, Runs.AS_SOMEONE),
            new Image("App", ROWS, true, Runs.NOT),
            new Image("app", RENAMED, true, Runs.NOT),
            new Image("dup", ROWS, true, Runs.AS_SOMEONE),
            // A row without a proper uid counts as root, whichever way the runtime's version takes it.
            new Image("bad", ROWS, true, Runs.AS_ROOT),
            new Image("few", ROWS, true, Runs.AS_ROOT),
            new Image("neg", ROWS, true, Runs.AS_ROOT),
            new Image("big", ROWS, true, Runs.AS_ROOT),
            new Image("empty", ROWS, true, Runs.AS_ROOT),
            new Image("space", ROWS, true, Runs.AS_ROOT),
            new Image("0x0", ROWS, true, Runs.AS_SOMEONE),
            new Image("0x0", RENAMED, true, Runs.NOT),
            new Image("1e3", ROWS, true, Runs.NOT),
            new Image("1_000", ROWS, true, Runs.NOT),
            new Image("０", ROWS, true, Runs.NOT),
            new Image(" 0", ROWS, true, Runs.NOT),
            new Image("0 ", ROWS, true, Runs.NOT),
            new Image("--1", ROWS, true, Runs.NOT),
            new Image("+", ROWS, true, Runs.NOT));

    private KubeletOracle() {}

    /** How a process runs that was let through by the kubelet. */
    enum Runs {
        AS_ROOT,
        AS_SOMEONE,
        /** The runtime refuses it, or an unpatched one runs it as root. */
        OUT_OF_RANGE,
        /** The runtime cannot create it. */
        NOT
    }

    record Image(String user, @Nullable String passwd, boolean refusedUnderRunAsNonRoot, Runs runs) {}

    /** The two fields of one securityContext; null where unset. */
    record Fields(@Nullable Boolean runAsNonRoot, @Nullable Long runAsUser) {}

    /** What comes of a container. */
    enum Result {
        ROOT,
        SOMEONE,
        REFUSED
    }

    static Result start(Fields pod, Fields container, Image image) {
        Boolean runAsNonRoot = container.runAsNonRoot() != null ? container.runAsNonRoot() : pod.runAsNonRoot();
        Long runAsUser = container.runAsUser() != null ? container.runAsUser() : pod.runAsUser();
        if (runAsUser != null) {
            // Where the kubelet refuses a written 0 it is one edit from running: Unroot calls it root all the same.
            return runAsUser <= 0 || runAsUser > 2147483647L ? Result.ROOT : Result.SOMEONE;
        }
        if (Boolean.TRUE.equals(runAsNonRoot) && image.refusedUnderRunAsNonRoot()) {
            return Result.REFUSED;
        }
        return switch (image.runs()) {
            case AS_ROOT, OUT_OF_RANGE -> Result.ROOT;
            case AS_SOMEONE -> Result.SOMEONE;
            case NOT -> Result.REFUSED;
        };
    }
}
