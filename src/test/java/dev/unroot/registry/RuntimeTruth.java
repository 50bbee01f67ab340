package dev.unroot.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.model.Account;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.ImageUser;
import dev.unroot.model.ImageVerdict;
import dev.unroot.model.Platform;
import dev.unroot.registry.users.Detail;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What containerd and runc were measured to do ({@code runtime-truth.json}), row by row: the image to build for a row, and
 * the check of what was read of it.
 */
public final class RuntimeTruth {
    /** Each row's image is built for this platform. */
    public static final Platform PLATFORM = Platform.parse("linux/amd64");

    private static final long MAX_UID = Account.MAX_UID;

    /**
     * One image that was run.
     *
     * @param user its USER
     * @param rootfs which passwd it holds
     * @param passwd that passwd; null for an image without one
     * @param startsUnderRunAsNonRoot what a kubelet without range checks does
     * @param uid the uid of the process with neither field set; null where the container could not be created
     */
    public record Row(
            int number,
            String user,
            String rootfs,
            @Nullable String passwd,
            boolean startsUnderRunAsNonRoot,
            @Nullable Long uid,
            @Nullable Long gid) {
        /** A reference of its own, in the given registry. */
        public ImageReference reference(String registry) {
            return ImageReference.parse(registry + "/truth/" + rootfs + ":" + number);
        }

        public TestImage image() {
            TestImage image = new TestImage().user(user);
            return passwd == null
                    ? image.layer(new TestLayer().directory("etc").file("etc/hostname", "x\n"))
                    : image.passwd(passwd);
        }

        @Override
        public String toString() {
            return "USER \"" + user + "\" in " + rootfs;
        }
    }

    private RuntimeTruth() {}

    public static List<Row> rows() {
        JsonNode truth;
        try (InputStream json = RuntimeTruth.class.getResourceAsStream("/dev/unroot/runtime-truth.json")) {
            truth = new ObjectMapper().readTree(json);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
        List<Row> rows = new ArrayList<>();
        for (JsonNode image : truth.path("images")) {
            String rootfs = image.path("rootfs").asText();
            JsonNode passwd = truth.path("passwd").path(rootfs);
            JsonNode unset = image.path("unset");
            rows.add(new Row(
                    rows.size(),
                    image.path("user").asText(),
                    rootfs,
                    passwd.isNull() ? null : passwd.asText(),
                    image.path("runAsNonRoot").asText().equals("starts"),
                    unset.has("uid") ? unset.path("uid").asLong() : null,
                    unset.has("gid") ? unset.path("gid").asLong() : null));
        }
        return rows;
    }

    /** All rows' images. */
    public static TestImages images(String registry) {
        TestImages images = new TestImages();
        for (Row row : rows()) {
            images.add(row.reference(registry).toString(), row.image());
        }
        return images;
    }

    /** Checks verdict, uid, gid and what happens under runAsNonRoot; the facts were read with {@link Detail#USER_AND_GROUP}. */
    public static void check(Row row, ImageFacts facts) {
        assertThat(facts).isInstanceOf(ImageFacts.Known.class);
        ImageFacts.Known known = (ImageFacts.Known) facts;
        assertThat(known.users()).hasSize(1);
        ImageUser user = known.users().get(0).user();
        assertThat(user.startsUnderRunAsNonRoot())
                .as("starts under runAsNonRoot")
                .isEqualTo(row.startsUnderRunAsNonRoot());
        if (countsAsRoot(row)) {
            // Refused by some runtimes, run as root by others, whatever the one that was measured did.
            assertThat(user.verdict()).as("verdict").isEqualTo(ImageVerdict.ROOT);
            return;
        }
        assertThat(user.uid()).as("uid").isEqualTo(row.uid());
        assertThat(user.gid()).as("gid").isEqualTo(row.gid());
        assertThat(user.verdict()).as("verdict").isEqualTo(expected(row));
    }

    private static ImageVerdict expected(Row row) {
        if (row.uid() == null) {
            return ImageVerdict.WILL_NOT_START;
        }
        return row.uid() == 0 ? ImageVerdict.ROOT : ImageVerdict.NON_ROOT;
    }

    /** A number, or a name whose passwd row holds one, outside of 0..2147483647. */
    private static boolean countsAsRoot(Row row) {
        String user = row.user().split(":", 2)[0];
        if (user.matches("[+-]?[0-9]+")) {
            return isOutOfRange(user);
        }
        return row.passwd() != null
                && row.passwd()
                        .lines()
                        .map(line -> line.split(":", -1))
                        .anyMatch(fields -> fields.length > 2
                                && fields[0].equals(user)
                                && fields[2].toLowerCase(Locale.ROOT).matches("[+-]?[0-9]+")
                                && isOutOfRange(fields[2]));
    }

    private static boolean isOutOfRange(String number) {
        var value = new java.math.BigInteger(number);
        return value.signum() < 0 || value.compareTo(java.math.BigInteger.valueOf(MAX_UID)) > 0;
    }
}
