package dev.unroot.serve;

import dev.unroot.common.LastFailure;
import dev.unroot.common.PeriodicTask;
import dev.unroot.common.Text;
import dev.unroot.configuration.Configuration;
import dev.unroot.configuration.ConfigurationException;
import dev.unroot.configuration.ConfigurationFile;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the configuration file every 10 seconds, and puts a changed one in force. It compares what is in it: a mounted
 * ConfigMap is swapped by symbolic links, which file notifications do not tell of, and an editor may write a new file.
 *
 * <p>A change counts once it was seen twice, for a file may be looked at while it is being written. One that cannot be used
 * is told once, and tried again with every look, since a file that it names may be what is amiss.
 */
final class ConfigurationWatch implements AutoCloseable {
    /** Puts a configuration in force, wholly or not at all. */
    interface Target {
        /** @throws ConfigurationException with everything that stands against it; the one before stays in force */
        void apply(Configuration configuration) throws ConfigurationException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Path file;
    private final Target target;
    private final ReloadMeters meters;
    private final LastFailure failure = new LastFailure();
    private String inForce;
    private String seen;
    private @Nullable PeriodicTask task;

    /** @param inForce the file's text as it was when what is in force was read */
    ConfigurationWatch(Path file, String inForce, Target target, ReloadMeters meters) {
        this.file = file;
        this.inForce = inForce;
        this.seen = inForce;
        this.target = target;
        this.meters = meters;
    }

    ConfigurationWatch start() {
        task = new PeriodicTask("unroot-configuration", PAUSE, PAUSE, this::look);
        return this;
    }

    /** One look; nothing that it meets is thrown. */
    synchronized void look() {
        try {
            String text = ConfigurationFile.text(file);
            if (text.equals(inForce)) {
                seen = text;
                settled();
            } else if (text.equals(seen)) {
                target.apply(ConfigurationFile.parse(text, file.toString()));
                inForce = text;
                failure.clear();
                meters.applied();
                LOG.atInfo().addKeyValue("file", file).log("the changed configuration is in force");
            } else {
                seen = text;
            }
        } catch (ConfigurationException refusal) {
            refused(Text.why(refusal), null);
        } catch (RuntimeException fault) {
            refused(file + ": could not be put in force because of a fault", fault);
        }
    }

    private void settled() {
        if (failure.clear()) {
            meters.inForce();
            LOG.atInfo().addKeyValue("file", file).log("the configuration in force is the file's again");
        }
    }

    private void refused(String why, @Nullable Throwable fault) {
        if (!failure.isNew(why)) {
            return;
        }
        meters.refused();
        LOG.error("the changed configuration is refused, the one before stays in force:\n{}", why, fault);
    }

    @Override
    public void close() {
        PeriodicTask running = task;
        if (running != null) {
            running.close();
        }
    }
}
