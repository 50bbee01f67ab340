package dev.unroot.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The configuration of a running webhook, changed as a person would change it. */
@Timeout(180)
class ReloadIT {
    /** Looks are 10 seconds apart, and a change counts when it was seen twice. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String NOBODY = "registry.invalid/shop/web:1";

    @Test
    void aChangedFileComesInForceAndABadOneDoesNot(@TempDir Path folder) throws Exception {
        try (RunningWebhook webhook = RunningWebhook.start(folder, "registry.invalid")) {
            Path file = folder.resolve("unroot.yaml");
            assertThat(allows(webhook)).isFalse();

            Files.writeString(file, Files.readString(file) + "  onUnverified: allow\n");
            long changed = System.nanoTime();
            while (!allows(webhook)) {
                assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(PATIENCE);
                Thread.sleep(500);
            }

            Files.writeString(file, Files.readString(file).replace("enforce: nonroot", "enforce: high"));
            long spoilt = System.nanoTime();
            while (!Files.readString(folder.resolve("webhook.log")).contains("is no level")) {
                assertThat(Duration.ofNanos(System.nanoTime() - spoilt)).isLessThan(PATIENCE);
                Thread.sleep(500);
            }
            assertThat(allows(webhook)).as("by the configuration before").isTrue();
        }
    }

    private static boolean allows(RunningWebhook webhook) throws Exception {
        return webhook.review(NOBODY).at("/response/allowed").asBoolean();
    }
}
