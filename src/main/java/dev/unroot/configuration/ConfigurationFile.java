package dev.unroot.configuration;

import dev.unroot.common.Text;
import dev.unroot.configuration.Configuration.LeaderElection;
import dev.unroot.manifest.YamlFault;
import dev.unroot.model.Level;
import dev.unroot.review.Exemptions;
import dev.unroot.review.Mode;
import dev.unroot.review.Modes;
import dev.unroot.review.ReviewSettings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the configuration file. Unknown keys and bad values are reported all at once, with line and key. */
public final class ConfigurationFile {
    static final String API_VERSION = "unroot.dev/v1";
    static final String KIND = "UnrootConfiguration";
    private static final long MOST_BYTES = 1 << 20;

    private ConfigurationFile() {}

    public static Configuration read(Path file) throws ConfigurationException {
        return parse(text(file), file.toString());
    }

    public static String text(Path file) throws ConfigurationException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new ConfigurationException(List.of(file + ": larger than 1 MiB, which no configuration is"));
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(List.of(file + ": is not UTF-8 text"));
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(List.of(file + ": cannot be read: there is no such file"));
        } catch (AccessDeniedException e) {
            throw new ConfigurationException(List.of(file + ": may not be read by this user"));
        } catch (IOException e) {
            String why = Files.isDirectory(file) ? "it is a directory" : Text.why(e);
            throw new ConfigurationException(List.of(file + ": cannot be read: " + why));
        }
    }

    public static Configuration parse(String text, String file) throws ConfigurationException {
        Problems problems = new Problems(file);
        Configuration configuration = read(Section.of(compose(text, file), "", problems), problems);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems.list());
        }
        return configuration;
    }

    private static Node compose(String text, String file) throws ConfigurationException {
        try {
            Node node = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
            if (node == null) {
                throw new ConfigurationException(
                        List.of(file + ":1: is empty: write apiVersion: " + API_VERSION + " and kind: " + KIND));
            }
            return node;
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            String problem = "but found another document".equals(e.getProblem())
                    ? "holds another document, and a configuration is one: remove the other"
                    : "is not YAML: " + YamlFault.what(e);
            throw new ConfigurationException(List.of(file + ":" + line + ": " + problem));
        } catch (YAMLException e) {
            throw new ConfigurationException(List.of(file + ":1: is not YAML: " + e.getMessage()));
        }
    }

    private static Configuration read(Section file, Problems problems) {
        file.required("apiVersion", ConfigurationValue.only(API_VERSION));
        file.required("kind", ConfigurationValue.only(KIND));
        ReviewSettings standard = ReviewSettings.DEFAULT;
        Section defaults = file.section("defaults");
        Level enforce = defaults.optional("enforce", ConfigurationValue::level);
        Modes modes = new Modes(
                enforce == null ? standard.defaults().enforce() : enforce,
                defaults.value("warn", standard.defaults().warn(), ConfigurationValue::level),
                defaults.value("audit", standard.defaults().audit(), ConfigurationValue::level));
        defaults.end();
        Level floor = file.value("floor", standard.floor(), ConfigurationValue::level);
        Exemptions exemptions = exemptions(file.section("exemptions"));
        boolean relaxed = file.value(
                "userNamespaces", standard.judging().policy().relaxForUserNamespaces(), ConfigurationValue::relaxed);
        WorkloadsSection workloads = WorkloadsSection.read(file.section("workloads"), problems);
        ImageLookupSection lookup = ImageLookupSection.read(file.section("imageLookup"), exemptions, relaxed, problems);
        Configuration configuration = new Configuration(
                new ReviewSettings(lookup.judging(), modes, floor, workloads.templates(), workloads.enforce()),
                enforce,
                lookup.platformsWritten(),
                lookup.lookup(),
                namespaces(file, problems),
                CertificatesSection.read(file.section("certificates"), problems),
                leaderElection(file.section("leaderElection"), problems),
                drainDelay(file.section("shutdown")));
        file.section("reports").end();
        file.end();
        return configuration;
    }

    private static Exemptions exemptions(Section section) {
        Exemptions exemptions = new Exemptions(
                new HashSet<>(section.list("namespaces", List.of(), NameValue::namespace)),
                new HashSet<>(section.list("usernames", List.of(), ConfigurationValue::exactly)),
                new HashSet<>(section.list("runtimeClasses", List.of(), NameValue::runtimeClass)),
                section.list("images", List.of(), ImageGlob::read));
        section.end();
        return exemptions;
    }

    /** As labels, which is what a cluster has: a level that cannot be parsed is refused here all the same. */
    private static Map<String, Map<String, String>> namespaces(Section file, Problems problems) {
        Map<String, Map<String, String>> namespaces = new LinkedHashMap<>();
        file.sections("namespaces").forEach((name, section) -> {
            Map<String, String> labels = new LinkedHashMap<>();
            for (Mode mode : Mode.values()) {
                Level level = section.optional(mode.label(), ConfigurationValue::level);
                if (level != null) {
                    labels.put(mode.namespaceLabel(), level.label());
                }
            }
            section.end();
            try {
                namespaces.put(NameValue.namespace(name), labels);
            } catch (IllegalArgumentException e) {
                problems.add(section.line(), "namespaces: " + e.getMessage());
            }
        });
        return namespaces;
    }

    private static @Nullable LeaderElection leaderElection(Section section, Problems problems) {
        String name = section.optional("leaseName", NameValue::object);
        String namespace = section.optional("namespace", NameValue::namespace);
        if (name == null && namespace != null) {
            problems.add(section.line(), "leaderElection.namespace needs leaseName");
        }
        section.end();
        return name == null ? null : new LeaderElection(name, namespace);
    }

    private static Duration drainDelay(Section section) {
        Duration delay =
                section.value("drainDelay", Configuration.DEFAULT.drainDelay(), ConfigurationValue::drainDelay);
        section.end();
        return delay;
    }
}
