package dev.unroot;

import dev.unroot.cluster.ClusterConnection;
import dev.unroot.cluster.ClusterException;
import dev.unroot.cluster.ClusterJobs;
import dev.unroot.command.CheckOptions;
import dev.unroot.command.ClusterTasks;
import dev.unroot.command.ImageInspector;
import dev.unroot.command.ServeOptions;
import dev.unroot.command.Services;
import dev.unroot.command.SubjectJudge;
import dev.unroot.command.UsageException;
import dev.unroot.common.Deadline;
import dev.unroot.common.Text;
import dev.unroot.configuration.Configuration;
import dev.unroot.configuration.Configuration.ImageLookup;
import dev.unroot.configuration.ConfigurationException;
import dev.unroot.configuration.ConfigurationFile;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TagSource;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.layout.OciLayout;
import dev.unroot.registry.place.RequestListener;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.ImageQuery.PullIdentity;
import dev.unroot.review.ImageUsers;
import dev.unroot.serve.LookupMeters;
import dev.unroot.serve.Resources;
import dev.unroot.serve.Serving;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What each command works with, out of its options and the configuration: adapters of registries and files are made here. */
final class Wiring implements Services {
    @Override
    public SubjectJudge judging(CheckOptions options) throws UsageException {
        Configuration configuration = configuration(options.config());
        Resources resources = new Resources();
        try {
            return SubjectJudge.of(configuration, images(options, configuration, resources), resources::close);
        } catch (UsageException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    private static ImageUsers images(CheckOptions options, Configuration configuration, Resources resources)
            throws UsageException {
        Path layout = options.images();
        if (options.offline()) {
            return Images.offline();
        }
        return layout != null
                ? Images.layout(layout, configuration.imageLookup().limits(), resources)
                : Images.registries(
                        configuration.imageLookup(),
                        TrustZone.TRUSTED,
                        RegistryCredentials.ofPerson(configuration.imageLookup(), System.getenv(), resources),
                        new LookupMeters(new SimpleMeterRegistry()),
                        resources);
    }

    @Override
    public ImageInspector images(@Nullable Path layout) throws UsageException {
        Resources resources = new Resources();
        try {
            if (layout != null) {
                OciLayout files = Images.openLayout(layout, Limits.DEFAULT);
                return new ReadingInspector(Images.reader(files), null, files.addresses(), resources);
            }
            ImageLookup lookup = Configuration.DEFAULT.imageLookup();
            Credentials credentials = RegistryCredentials.ofPerson(lookup, System.getenv(), resources);
            TagSource registry =
                    Images.openRegistries(lookup, TrustZone.TRUSTED, credentials, RequestListener.NONE, resources);
            return new ReadingInspector(Images.reader(registry), registry, List.of(), resources);
        } catch (UsageException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    @Override
    public int serve(ServeOptions options) throws UsageException {
        Path file = options.config();
        try {
            String text = file == null ? null : ConfigurationFile.text(file);
            Configuration configuration = file == null || text == null
                    ? Serving.unconfigured(options)
                    : ConfigurationFile.parse(text, file.toString());
            return new Serving(options, configuration, text, Images.ofWebhook(options.images())).run();
        } catch (ConfigurationException e) {
            throw new UsageException(Text.why(e));
        }
    }

    @Override
    public ClusterTasks cluster() throws UsageException {
        try {
            return new ConnectedErrands(ClusterConnection.open(Serving.version()));
        } catch (ClusterException e) {
            throw new UsageException(Text.why(e));
        }
    }

    private static Configuration configuration(@Nullable Path file) throws UsageException {
        try {
            return file == null ? Configuration.DEFAULT : ConfigurationFile.read(file);
        } catch (ConfigurationException e) {
            throw new UsageException(Text.why(e));
        }
    }

    /** @param registry null where the images are in files */
    private record ReadingInspector(
            ImageReader reader, @Nullable TagSource registry, List<String> all, Resources resources)
            implements ImageInspector {
        @Override
        public CompletionStage<ImageFacts> inspect(
                ImageReference reference, List<Platform> platforms, Deadline deadline) {
            Pull pull = new Pull(reference, PullIdentity.NONE, deadline);
            CompletionStage<ImageFacts> facts = reader.read(pull, platforms, Detail.USER_AND_GROUP);
            return registry == null
                    ? facts
                    : registry.entitlement(reference, pull.identity(), pull.deadline())
                            .thenCombine(facts, Entitlement::explain);
        }

        @Override
        public void close() {
            resources.close();
        }
    }

    private record ConnectedErrands(ClusterConnection connection) implements ClusterTasks {
        @Override
        public @Nullable String refusalOfARootPod(String namespace) throws UsageException {
            try {
                return new ClusterJobs(connection).refusalOfARootPod(namespace);
            } catch (ClusterException e) {
                throw new UsageException(Text.why(e));
            }
        }

        @Override
        public boolean deleteWebhookConfiguration(String name) throws UsageException {
            try {
                return new ClusterJobs(connection).deleteWebhookConfiguration(name);
            } catch (ClusterException e) {
                throw new UsageException(Text.why(e));
            }
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
