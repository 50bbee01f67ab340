package dev.unroot.cases;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.model.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * One case: a YAML file whose first document says what is expected and whose second is the manifest.
 *
 * @param check the folder it stands in
 * @param fileName without {@code .yaml}
 * @param images what is known of each image that the verdict may ask for, by reference as written; an image that is not
 *     listed must not be asked for
 * @param allowed whether the pod, or a controller's pods, would be admitted at the level
 * @param admitted whether the webhook admits the object; differs from {@code allowed} for controllers, which are only
 *     warned about
 * @param manifest the second document as written
 */
record CaseFile(
        String check,
        String fileName,
        String title,
        Level level,
        CaseOptions options,
        Map<String, CaseImage> images,
        boolean allowed,
        boolean admitted,
        List<ExpectedFinding> findings,
        String manifest) {
    private static final Path FOLDER = Path.of("src", "test", "resources", "cases");
    private static final String SEPARATOR = "\n---\n";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every case, in the order of their paths. */
    static List<CaseFile> all() {
        try (var paths = Files.walk(FOLDER)) {
            List<CaseFile> cases = new ArrayList<>();
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
                cases.add(read(path));
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of the folders of cases. */
    static List<String> folders() {
        try (var paths = Files.list(FOLDER)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CaseFile read(Path path) throws IOException {
        String name = path.getFileName().toString();
        try {
            if (!name.endsWith(".yaml")) {
                throw new IllegalArgumentException("a case's name ends in .yaml");
            }
            String check = path.getParent().getFileName().toString();
            return parse(check, name.substring(0, name.length() - ".yaml".length()), Files.readString(path));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    static CaseFile parse(String check, String fileName, String text) {
        int separator = text.indexOf(SEPARATOR);
        if (separator < 0 || text.indexOf(SEPARATOR, separator + 1) >= 0) {
            throw new IllegalArgumentException("a case is two documents: what is expected, and the manifest");
        }
        CaseFields fields = CaseFields.of(yaml(text.substring(0, separator)));
        boolean allowed = fields.bool("allowed");
        Map<String, CaseImage> images = new TreeMap<>();
        fields.objects("images").forEach((reference, image) -> images.put(reference, CaseImage.of(image)));
        CaseFile read = new CaseFile(
                check,
                fileName,
                fields.text("title"),
                Level.parse(fields.text("level")).orElseThrow(),
                CaseOptions.of(fields.object("options")),
                images,
                allowed,
                fields.bool("admitted", allowed),
                fields.items("findings").stream().map(ExpectedFinding::of).toList(),
                text.substring(separator + SEPARATOR.length()));
        fields.nothingElse();
        return read;
    }

    /** The title as a file name: {@code A pod's uid} is {@code a-pod-s-uid}. */
    static String fileNameFor(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    /** The manifest as a tree of maps and lists. */
    Map<String, Object> manifestTree() {
        return CaseFields.asObject(yaml(manifest));
    }

    /** The manifest as an API server would send it. */
    byte[] manifestJson() {
        try {
            return JSON.writeValueAsBytes(manifestTree());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** True where an image is given as unreadable for a reason that only a registry can have. */
    boolean hasUnreadableImages() {
        return images.values().stream().anyMatch(image -> image.unknown() != null);
    }

    private static Object yaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options)).load(text);
    }

    @Override
    public String toString() {
        return check + ": " + title;
    }
}
