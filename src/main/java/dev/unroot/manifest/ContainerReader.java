package dev.unroot.manifest;

import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.model.Container;
import dev.unroot.model.ContainerType;
import dev.unroot.model.FieldPath;
import dev.unroot.model.SecurityContext;
import java.io.IOException;

/** Reads one container. */
final class ContainerReader implements Fields.FieldReader {
    private final FieldPath path;
    private ContainerType type;
    private String name = "";
    private String image = "";
    private SecurityContext securityContext = SecurityContext.EMPTY;

    ContainerReader(ContainerType type, FieldPath path) {
        this.type = type;
        this.path = path;
    }

    FieldPath path() {
        return path;
    }

    @Override
    public void read(String field, JsonParser parser) throws IOException, ManifestException {
        switch (field) {
            case "name" -> name = Fields.text(parser, path, field);
            case "image" -> image = Fields.text(parser, path, field);
            case "restartPolicy" -> {
                String policy = Fields.string(parser, path, field);
                if (type == ContainerType.INIT && "Always".equals(policy)) {
                    type = ContainerType.SIDECAR;
                }
            }
            case "securityContext" -> securityContext = SecurityContextReader.read(parser, path.child(field));
            default -> parser.skipChildren();
        }
    }

    Container container(EffectiveContexts contexts) {
        return new Container(type, name, image, path, securityContext, contexts.of(securityContext, path));
    }
}
