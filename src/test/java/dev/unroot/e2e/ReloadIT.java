package dev.unroot.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration of a running webhook, changed as a person would change it. */
class ReloadIT {
    private static final String NOBODY = "registry.invalid/shop/web:1";

    @Test
    void aChangedFileComesInForceAndABadOneDoesNot(@TempDir Path folder) throws Exception {
        try (RunningWebhook webhook = RunningWebhook.start(folder, "registry.invalid")) {
            Path file = folder.resolve("unroot.yaml");
            assertThat(allows(webhook)).isFalse();

            Files.writeString(file, Files.readString(file) + "  onUnverified: allow\n");
            Eventually.await("the change to count", () -> allows(webhook));

            Files.writeString(file, Files.readString(file).replace("enforce: nonroot", "enforce: high"));
            Eventually.await(
                    "the refusal",
                    () -> Files.readString(folder.resolve("webhook.log")).contains("is no level"));
            assertThat(allows(webhook)).as("by the configuration before").isTrue();
        }
    }

    private static boolean allows(RunningWebhook webhook) throws Exception {
        return webhook.review(NOBODY).at("/response/allowed").asBoolean();
    }
}
