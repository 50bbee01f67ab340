package dev.unroot;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the walls between the rooms: which of ours each may import, and which libraries it may know. */
class ArchitectureTest {
    private static final String OURS = "dev.unroot";

    /**
     * From the ground floor up. {@code room: rooms it imports | libraries beside java.*}. What is not in a line may not be
     * imported, and what is in it and not imported has to go from it. A room imports only from lines above its own, so there
     * are no cycles.
     */
    private static final String ROOMS = """
            common: | com.sun.management
            model: common |
            certificate: common model | javax.naming javax.net.ssl javax.security.auth org.bouncycastle org.slf4j
            policy: common model |
            manifest: common model | com.fasterxml.jackson org.yaml.snakeyaml
            review: common model policy manifest | org.slf4j
            audit: model review |
            registry.documents: common model | com.fasterxml.jackson
            registry.layer: common registry.documents | com.fasterxml.jackson com.github.luben.zstd
            registry: common model review registry.documents |
            registry.platforms: model registry registry.documents |
            registry.users: common model review registry registry.documents registry.layer registry.platforms |
            registry.layout: common model registry registry.documents registry.layer | com.fasterxml.jackson
            registry.credentials: common model review registry registry.documents | com.fasterxml.jackson com.github.benmanes.caffeine javax.crypto org.slf4j
            registry.place: common model review certificate registry | com.github.benmanes.caffeine io.vertx org.slf4j
            registry.http: common model certificate registry registry.credentials registry.place | com.github.benmanes.caffeine io.netty io.vertx javax.net.ssl org.slf4j
            registry.access: common model review registry registry.credentials registry.place registry.http | com.fasterxml.jackson com.github.benmanes.caffeine io.vertx
            registry.remote: common model review registry registry.documents registry.credentials registry.place registry.http registry.access | com.github.benmanes.caffeine io.vertx
            registry.cache: common model review registry registry.documents registry.users | com.github.benmanes.caffeine
            cluster: common model certificate manifest review | com.fasterxml.jackson com.github.benmanes.caffeine io.fabric8 javax.net.ssl org.slf4j
            webhook: common model certificate policy manifest review | com.fasterxml.jackson io.micrometer io.netty io.vertx org.slf4j
            logging: common | ch.qos.logback org.slf4j
            configuration: common model certificate policy manifest review registry.documents registry.place registry.cache | org.yaml.snakeyaml
            command: common model manifest review audit configuration | com.fasterxml.jackson picocli
            serve: common model certificate policy review registry.documents registry.layer registry.place registry.cache cluster webhook command configuration | com.sun.management io.micrometer io.vertx org.slf4j
            root: common model review registry registry.documents registry.users registry.layout registry.credentials registry.place registry.remote registry.cache cluster logging command configuration serve | com.github.benmanes.caffeine io.micrometer org.slf4j
            """;

    private static final Map<String, Walls> WALLS = walls();

    private static final JavaClasses CLASSES =
            new ClassFileImporter(Set.of(new ImportOption.DoNotIncludeTests())).importPackages(OURS);

    private record Walls(Set<String> rooms, Set<String> libraries) {}

    private static Map<String, Walls> walls() {
        Map<String, Walls> walls = new LinkedHashMap<>();
        ROOMS.lines().forEach(line -> {
            String[] parts = line.split("[:|]", -1);
            Set<String> above = Set.copyOf(walls.keySet());
            Set<String> rooms = words(parts[1]);
            if (!above.containsAll(rooms)) {
                throw new IllegalStateException("imports a room that is not above it: " + line);
            }
            walls.put(parts[0], new Walls(rooms, words(parts[2])));
        });
        return walls;
    }

    private static Set<String> words(String text) {
        return Arrays.stream(text.trim().split(" "))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> rooms() {
        return WALLS.keySet();
    }

    static Set<String> imports(String room) {
        return WALLS.get(room).rooms();
    }

    @Test
    void everyPackageHasItsLine() {
        Set<String> packages = CLASSES.stream().map(ArchitectureTest::room).collect(Collectors.toSet());

        assertEquals(WALLS.keySet(), packages);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void importsTheRoomsInItsLineAndNoOther(String room) {
        assertEquals(
                lines(WALLS.get(room).rooms()), used(room, true, WALLS.get(room).rooms()));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void knowsTheLibrariesInItsLineAndNoOther(String room) {
        assertEquals(
                lines(WALLS.get(room).libraries()),
                used(room, false, WALLS.get(room).libraries()));
    }

    /** Whoever reads a room's first page learns from it what the test holds. */
    @ParameterizedTest
    @MethodSource("rooms")
    void saysOnItsFirstPageWhatItImports(String room) throws IOException {
        if (room.equals("root")) {
            return;
        }
        Walls walls = WALLS.get(room);
        String expected = " * <p>Imports: " + listed(walls.rooms()) + ". Libraries: " + listed(walls.libraries()) + ".";
        Path page = Path.of("src/main/java/dev/unroot", room.replace('.', '/'), "package-info.java");

        String written = Files.readString(page)
                .lines()
                .filter(line -> line.startsWith(" * <p>Imports: "))
                .collect(Collectors.joining("\n"));

        assertEquals(expected, written, page::toString);
    }

    /** A verdict depends on its arguments and nothing else: no files, no network, no threads, no clock. */
    @Test
    void policyIsPure() {
        noClasses()
                .that()
                .resideInAPackage(OURS + ".policy")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.io..", "java.nio..", "java.net..", "java.util.concurrent..", "java.sql..")
                        .or(belongToAnyOf(
                                System.class,
                                Thread.class,
                                Process.class,
                                ProcessBuilder.class,
                                Runtime.class,
                                java.time.Clock.class,
                                java.util.Random.class)))
                .check(CLASSES);
    }

    private static String listed(Set<String> words) {
        return words.isEmpty() ? "none" : String.join(", ", words);
    }

    private static String lines(Set<String> allowed) {
        return allowed.stream().map(name -> name + "\n").collect(Collectors.joining());
    }

    /** What a room uses: a line each, by the allowed name where there is one, else with the classes that use it. */
    private static String used(String room, boolean ours, Set<String> allowed) {
        Map<String, Set<String>> users = new TreeMap<>();
        for (JavaClass user : CLASSES.that(resideInAPackage(packageOf(room)))) {
            user.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(used -> !used.isPrimitive() && isOurs(used) == ours && counts(used, room))
                    .forEach(used -> users.computeIfAbsent(name(used, ours, allowed), name -> new TreeSet<>())
                            .add(user.getSimpleName() + " uses " + used.getName()));
        }
        return users.entrySet().stream()
                .map(use -> allowed.contains(use.getKey()) ? use.getKey() + "\n" : use.getKey() + use.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private static boolean counts(JavaClass used, String room) {
        return isOurs(used)
                ? !room(used).equals(room)
                : Stream.of("java.", "org.jspecify.").noneMatch(used.getName()::startsWith);
    }

    private static String name(JavaClass used, boolean ours, Set<String> allowed) {
        if (ours) {
            return room(used);
        }
        String inPackage = used.getPackageName() + ".";
        return allowed.stream()
                .filter(library -> inPackage.startsWith(library + "."))
                .findFirst()
                .orElse(used.getPackageName());
    }

    private static boolean isOurs(JavaClass used) {
        return (used.getPackageName() + ".").startsWith(OURS + ".");
    }

    private static String room(JavaClass of) {
        return of.getPackageName().equals(OURS) ? "root" : of.getPackageName().substring(OURS.length() + 1);
    }

    private static String packageOf(String room) {
        return room.equals("root") ? OURS : OURS + "." + room;
    }
}
