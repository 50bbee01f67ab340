package dev.unroot.manifest;

import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.model.Container;
import dev.unroot.model.ContainerType;
import dev.unroot.model.FieldPath;
import dev.unroot.model.Pod;
import dev.unroot.model.SecurityContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a pod's spec. The securityContext may follow the containers, so they are merged once all is read. */
final class PodReader implements Fields.FieldReader {
    private final FieldPath path;
    private SecurityContext securityContext = SecurityContext.EMPTY;
    private final List<ContainerReader> init = new ArrayList<>(0);
    private final List<ContainerReader> app = new ArrayList<>(2);
    private final List<ContainerReader> ephemeral = new ArrayList<>(0);
    private final List<String> imagePullSecrets = new ArrayList<>(0);
    private @Nullable String os;
    private final NodeRequirementsReader nodes;
    private @Nullable Boolean hostUsers;
    private @Nullable String runtimeClassName;
    private @Nullable String serviceAccountName;

    private PodReader(FieldPath path) {
        this.path = path;
        this.nodes = new NodeRequirementsReader(path);
    }

    static Pod read(JsonParser parser, FieldPath path) throws IOException, ManifestException {
        PodReader reader = new PodReader(path);
        Fields.object(parser, path, reader);
        return reader.pod();
    }

    static Pod empty(FieldPath path) {
        return new PodReader(path).pod();
    }

    @Override
    public void read(String field, JsonParser parser) throws IOException, ManifestException {
        switch (field) {
            case "securityContext" -> securityContext = SecurityContextReader.read(parser, path.child(field));
            case "initContainers" -> readContainers(parser, field, ContainerType.INIT, init);
            case "containers" -> readContainers(parser, field, ContainerType.APP, app);
            case "ephemeralContainers" -> readContainers(parser, field, ContainerType.EPHEMERAL, ephemeral);
            case "os" -> Fields.object(parser, path.child(field), this::readOs);
            case "nodeSelector" -> nodes.readNodeSelector(parser);
            case "affinity" -> nodes.readAffinity(parser);
            case "hostUsers" -> hostUsers = Fields.bool(parser, path, field);
            case "runtimeClassName" -> runtimeClassName = Fields.string(parser, path, field);
            case "serviceAccountName" -> serviceAccountName = Fields.string(parser, path, field);
            case "imagePullSecrets" -> {
                imagePullSecrets.clear();
                Fields.list(parser, path.child(field), Fields.MOST_ENTRIES, this::readPullSecret);
            }
            default -> parser.skipChildren();
        }
    }

    private void readContainers(JsonParser parser, String field, ContainerType type, List<ContainerReader> into)
            throws IOException, ManifestException {
        into.clear();
        Fields.list(parser, path.child(field), Fields.MOST_ENTRIES, (index, item) -> {
            ContainerReader container = new ContainerReader(type, path.item(field, index));
            Fields.object(item, container.path(), container);
            into.add(container);
        });
    }

    private void readOs(String field, JsonParser parser) throws IOException, ManifestException {
        if (field.equals("name")) {
            os = Fields.string(parser, path.child("os.name"));
        } else {
            parser.skipChildren();
        }
    }

    private void readPullSecret(int index, JsonParser parser) throws IOException, ManifestException {
        FieldPath secret = path.item("imagePullSecrets", index);
        Fields.object(parser, secret, (field, value) -> {
            String name = field.equals("name") ? Fields.string(value, secret, field) : null;
            if (name != null && !name.isEmpty()) {
                imagePullSecrets.add(name);
            }
            value.skipChildren();
        });
    }

    private Pod pod() {
        EffectiveContexts contexts = new EffectiveContexts(securityContext, path);
        List<Container> containers = new ArrayList<>(init.size() + app.size() + ephemeral.size());
        init.forEach(reader -> containers.add(reader.container(contexts)));
        app.forEach(reader -> containers.add(reader.container(contexts)));
        ephemeral.forEach(reader -> containers.add(reader.container(contexts)));
        return new Pod(
                path,
                securityContext,
                containers,
                os,
                nodes.requirements(),
                hostUsers,
                runtimeClassName,
                serviceAccountName,
                imagePullSecrets);
    }
}
