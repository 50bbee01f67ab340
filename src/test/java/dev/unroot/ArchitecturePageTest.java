package dev.unroot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/architecture.md says of the rooms is so, and all that it names is there. */
class ArchitecturePageTest {
    private static final Path PAGE = Path.of("docs/architecture.md");
    private static final Path MAIN = Path.of("src/main/java/dev/unroot");
    private static final Pattern PICTURE = Pattern.compile("(?ms)^```$(.*?)^```$");
    private static final Pattern QUOTED = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern CLASS = Pattern.compile("[A-Z][A-Za-z]+(?:\\.[A-Z][A-Za-z]+)?");
    private static final Pattern PATH = Pattern.compile("[a-z]+(?:/[\\w.-]+)+");
    /** What Kubernetes and images call things that are written like classes. */
    private static final Set<String> NOT_OURS = Set.of("USER");

    private static List<List<String>> picture() throws IOException {
        String picture = PICTURE.matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
        List<List<String>> lines = new ArrayList<>();
        picture.strip().lines().forEach(line -> lines.add(rooms(line)));
        return lines;
    }

    /** The rooms come first; what is said of them begins in a column of its own. */
    private static List<String> rooms(String line) {
        String left = line.substring(0, 60);
        return Stream.of(left.trim().split(" +")).toList();
    }

    private static Set<String> quoted(Pattern form) throws IOException {
        return QUOTED.matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .filter(word -> form.matcher(word).matches())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void itsPictureHasEveryRoomOnce() throws IOException {
        List<String> drawn = picture().stream().flatMap(List::stream).sorted().toList();

        assertEquals(ArchitectureTest.rooms().stream().sorted().toList(), drawn);
    }

    @Test
    void inItsPictureRoomsImportFromTheLinesBelow() throws IOException {
        Set<String> below = new HashSet<>();
        List<List<String>> lines = picture();
        for (int i = lines.size() - 1; i >= 0; i--) {
            for (String room : lines.get(i)) {
                assertTrue(below.containsAll(ArchitectureTest.imports(room)), room);
            }
            below.addAll(lines.get(i));
        }
    }

    @Test
    void everyClassThatItNamesIsThere() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(MAIN)) {
            classes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
        Set<String> gone = quoted(CLASS).stream()
                .map(name -> name.split("\\.")[0])
                .filter(name -> !classes.contains(name) && !NOT_OURS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(Set.of(), gone);
    }

    @Test
    void everyFileThatItNamesIsThere() throws IOException {
        List<String> gone = quoted(PATH).stream()
                .filter(path -> !Files.exists(Path.of(path)))
                .toList();

        assertEquals(List.of(), gone);
    }

    @Test
    void everyRoomOfItsWalkIsOne() throws IOException {
        Set<String> walked = Pattern.compile("`((?:registry\\.)?[a-z]+)`(?=[':),])")
                .matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult match) -> match.group(1))
                .filter(word -> !word.equals("timeout"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertTrue(walked.size() > 12 && ArchitectureTest.rooms().containsAll(walked), walked::toString);
    }
}
