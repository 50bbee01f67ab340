package dev.unroot.e2e.cluster;

import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests, as parameters and as {@link Shared} fields, what all of them share: one {@link ControlPlane} and one
 * {@link ImageRegistry}, and to those that need running pods one {@link PodCluster}, started by the first test that asks
 * and stopped after the last. Logs stay in {@code target/control-plane} and {@code target/pod-cluster}, or below
 * {@code target/oldest-kubernetes}.
 */
public final class Cluster implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(Cluster.class);
    private static final Path TARGET = Path.of("target", Assets.OF_OLDEST ? Assets.OLDEST_KUBERNETES : "");
    private static final Path CONTROL_PLANE = TARGET.resolve("control-plane");
    private static final Path PODS = TARGET.resolve("pod-cluster");
    private static final Path REGISTRY = TARGET.resolve("image-registry");
    private static final List<Class<?>> KNOWN =
            List.of(ControlPlane.class, PodCluster.class, ImageRegistry.class, KubernetesClient.class);

    /** Skips or fails the class where a program is missing, and sets what it has as {@link Shared}. */
    @Override
    public void beforeAll(ExtensionContext context) throws IllegalAccessException {
        Assets.find();
        Programs.require("docker-registry", "skopeo", "umoci");
        for (Field field : context.getRequiredTestClass().getDeclaredFields()) {
            if (field.isAnnotationPresent(Shared.class)) {
                field.setAccessible(true);
                field.set(null, shared(context, field.getType()));
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return KNOWN.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return shared(context, parameter.getParameter().getType());
    }

    private static Object shared(ExtensionContext context, Class<?> type) {
        if (type == ImageRegistry.class) {
            return shared(context, ImageRegistry.class, () -> ImageRegistry.start(emptied(REGISTRY)));
        }
        if (type == PodCluster.class) {
            Helm.require();
            Programs.require("runc", "ip");
            return shared(context, PodCluster.class, () -> PodCluster.start(emptied(PODS)));
        }
        ControlPlane controlPlane =
                shared(context, ControlPlane.class, () -> ControlPlane.start(emptied(CONTROL_PLANE)));
        return type == ControlPlane.class ? controlPlane : controlPlane.admin();
    }

    @FunctionalInterface
    private interface Start<T> {
        T start() throws Exception;
    }

    private static <T> T shared(ExtensionContext context, Class<T> type, Start<T> start) {
        return context.getRoot()
                .getStore(STORE)
                .computeIfAbsent(
                        type,
                        absent -> {
                            try {
                                return start.start();
                            } catch (RuntimeException e) {
                                throw e;
                            } catch (Exception e) {
                                throw new IllegalStateException("could not start " + type.getSimpleName(), e);
                            }
                        },
                        type);
    }

    private static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(Cluster::delete);
            }
        }
        return Files.createDirectories(folder).toAbsolutePath();
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
