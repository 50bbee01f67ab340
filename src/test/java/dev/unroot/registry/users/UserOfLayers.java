package dev.unroot.registry.users;

import dev.unroot.common.Deadline;
import dev.unroot.model.Account;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.MemorySource;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Limits;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** Who a container of an image with these layers runs as, found as for any image, and what cannot be told. */
public final class UserOfLayers {
    /** In the place of a user that cannot be told. */
    public static final String UNVERIFIED = "?";

    /** In the place of one that is not there, so that the container does not start. */
    public static final String NONE = "-";

    private UserOfLayers() {}

    /**
     * Looks for two users.
     *
     * @param tars lowest first
     * @return {@code UID:GID}, {@link #NONE} or {@link #UNVERIFIED} for USER app and for USER 1000; a uid that the row holds
     *     in no readable form is {@code 0}
     */
    public static List<String> find(List<byte[]> tars) {
        Accounts accounts = accounts(tars);
        Long gid = accounts.gidOf(1000);
        return List.of(app(accounts.named("app")), gid == null ? UNVERIFIED : "1000:" + gid);
    }

    private static Accounts accounts(List<byte[]> tars) {
        TestImages images = new TestImages();
        List<Descriptor> layers = new ArrayList<>();
        List<Digest> diffIds = new ArrayList<>();
        for (byte[] tar : tars) {
            Digest digest = Digest.of(tar);
            images.put("", tar);
            layers.add(new Descriptor("", digest, tar.length, null, List.of(), Map.of(), List.of()));
            diffIds.add(digest);
        }
        Pull pull = new Pull(
                ImageReference.parse("registry.example/app:1"), PullIdentity.NONE, Deadline.in(Duration.ofHours(1)));
        try {
            return new PasswdReader(new MemorySource(images), Limits.DEFAULT, pull)
                    .find(layers, diffIds, Accounts::of)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException failed) {
            LookupException unverified = LookupException.in(failed);
            if (unverified == null) {
                throw failed;
            }
            return Accounts.unclear(unverified.reason());
        }
    }

    private static String app(Account account) {
        if (account instanceof Account.Row row) {
            return row.uid() + ":" + row.gid();
        }
        return account instanceof Account.Undeterminable ? UNVERIFIED : NONE;
    }
}
