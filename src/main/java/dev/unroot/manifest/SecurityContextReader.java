package dev.unroot.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.unroot.model.Capabilities;
import dev.unroot.model.FieldPath;
import dev.unroot.model.SecurityContext;
import dev.unroot.model.WindowsOptions;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a securityContext, a pod's or a container's. */
final class SecurityContextReader implements Fields.FieldReader {
    private final FieldPath path;
    private @Nullable Boolean runAsNonRoot;
    private @Nullable Long runAsUser;
    private @Nullable WindowsOptions windowsOptions;
    private @Nullable Boolean allowPrivilegeEscalation;
    private @Nullable Boolean privileged;
    private @Nullable Capabilities capabilities;

    private SecurityContextReader(FieldPath path) {
        this.path = path;
    }

    static SecurityContext read(JsonParser parser, FieldPath path) throws IOException, ManifestException {
        SecurityContextReader reader = new SecurityContextReader(path);
        Fields.object(parser, path, reader);
        return new SecurityContext(
                reader.runAsNonRoot,
                reader.runAsUser,
                reader.windowsOptions,
                reader.allowPrivilegeEscalation,
                reader.privileged,
                reader.capabilities);
    }

    @Override
    public void read(String field, JsonParser parser) throws IOException, ManifestException {
        switch (field) {
            case "runAsNonRoot" -> runAsNonRoot = Fields.bool(parser, path, field);
            case "runAsUser" -> runAsUser = Fields.integer(parser, path.child(field));
            case "allowPrivilegeEscalation" -> allowPrivilegeEscalation = Fields.bool(parser, path, field);
            case "privileged" -> privileged = Fields.bool(parser, path, field);
            case "capabilities" -> capabilities = readCapabilities(parser, path.child(field));
            case "windowsOptions" -> windowsOptions = readWindowsOptions(parser, path.child(field));
            default -> parser.skipChildren();
        }
    }

    private static @Nullable Capabilities readCapabilities(JsonParser parser, FieldPath path)
            throws IOException, ManifestException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        CapabilitiesReader reader = new CapabilitiesReader(path);
        Fields.object(parser, path, reader);
        return new Capabilities(reader.add, reader.drop);
    }

    private static WindowsOptions readWindowsOptions(JsonParser parser, FieldPath path)
            throws IOException, ManifestException {
        WindowsOptionsReader reader = new WindowsOptionsReader(path);
        Fields.object(parser, path, reader);
        return new WindowsOptions(reader.runAsUserName, reader.hostProcess);
    }

    private static final class CapabilitiesReader implements Fields.FieldReader {
        /** Linux has 41. */
        private static final int MOST_CAPABILITIES = 100;

        private final FieldPath path;
        private List<String> add = List.of();
        private List<String> drop = List.of();

        CapabilitiesReader(FieldPath path) {
            this.path = path;
        }

        @Override
        public void read(String field, JsonParser parser) throws IOException, ManifestException {
            switch (field) {
                case "add" -> add = Fields.strings(parser, path, field, MOST_CAPABILITIES);
                case "drop" -> drop = Fields.strings(parser, path, field, MOST_CAPABILITIES);
                default -> parser.skipChildren();
            }
        }
    }

    private static final class WindowsOptionsReader implements Fields.FieldReader {
        private final FieldPath path;
        private @Nullable String runAsUserName;
        private @Nullable Boolean hostProcess;

        WindowsOptionsReader(FieldPath path) {
            this.path = path;
        }

        @Override
        public void read(String field, JsonParser parser) throws IOException, ManifestException {
            switch (field) {
                case "runAsUserName" -> {
                    String name = Fields.string(parser, path, field);
                    // An API server refuses an empty name; were it let through, the image would decide.
                    runAsUserName = name == null || name.isEmpty() ? null : name;
                }
                case "hostProcess" -> hostProcess = Fields.bool(parser, path, field);
                default -> parser.skipChildren();
            }
        }
    }
}
