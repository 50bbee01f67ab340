package dev.unroot.manifest;

import dev.unroot.common.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads manifests from files, directories and standard input. Never throws for what it reads: each thing that cannot be
 * read is a result, and all else is read nevertheless.
 */
public final class ManifestFiles {
    private static final String STDIN = "-";
    private static final String PIPE = "stdin";
    /** Whatever wrote it failed, or it is not what was meant: that must not look like all is well. */
    private static final String NOTHING_THERE = "holds no object";

    private static final String NOTHING_CAME = NOTHING_THERE + ": did the command before the pipe fail?";

    private final SubjectReader subjects;
    private final InputStream stdin;
    private final int whole;

    public ManifestFiles(PodTemplates templates, InputStream stdin) {
        this(templates, stdin, YamlDocuments.WHOLE);
    }

    /** The same, with the pods' status. */
    public static ManifestFiles withStatus(PodTemplates templates, InputStream stdin) {
        return new ManifestFiles(new SubjectReader(templates, true), stdin, YamlDocuments.WHOLE);
    }

    /** @param whole the longest document that is read as a whole, in bytes */
    ManifestFiles(PodTemplates templates, InputStream stdin, int whole) {
        this(new SubjectReader(templates), stdin, whole);
    }

    private ManifestFiles(SubjectReader subjects, InputStream stdin, int whole) {
        this.subjects = subjects;
        this.stdin = stdin;
        this.whole = whole;
    }

    /** @param sources paths of files and directories; {@code -} is standard input */
    public List<ManifestResult> read(List<String> sources) {
        ManifestResults results = new ManifestResults(ManifestResults.MOST);
        for (String source : sources) {
            int before = results.size();
            boolean pipe = source.equals(STDIN);
            if (pipe) {
                readStream(PIPE, () -> stdin, results);
            } else {
                readPath(source, results);
            }
            if (results.size() == before && !results.isFull()) {
                results.add(unreadable(pipe ? PIPE : source, pipe ? NOTHING_CAME : NOTHING_THERE));
            }
        }
        return results.all();
    }

    private void readPath(String source, ManifestResults results) {
        Path path;
        try {
            path = Path.of(source);
        } catch (InvalidPathException e) {
            results.add(unreadable(source, "not a path"));
            return;
        }
        if (!Files.isDirectory(path)) {
            readFile(path, results);
            return;
        }
        ManifestDirectory directory = new ManifestDirectory(path);
        directory.files().forEach(file -> readFile(file, results));
        directory.failures().forEach((place, failure) -> results.add(unreadable(place.toString(), why(failure))));
        if (directory.files().isEmpty() && directory.failures().isEmpty()) {
            results.add(unreadable(source, "the directory holds no .yaml, .yml or .json file"));
        }
    }

    private void readFile(Path file, ManifestResults results) {
        readStream(file.toString(), () -> Files.newInputStream(file), results);
    }

    private interface Opener {
        InputStream open() throws IOException;
    }

    private void readStream(String source, Opener opener, ManifestResults results) {
        if (results.isFull()) {
            return;
        }
        try (InputStream in = opener.open()) {
            YamlDocuments.read(in, whole, new Documents(source, results));
        } catch (IOException e) {
            results.add(unreadable(source, why(e)));
        }
    }

    private final class Documents implements DocumentConsumer {
        private final String source;
        private final ManifestResults results;

        Documents(String source, ManifestResults results) {
            this.source = source;
            this.results = results;
        }

        @Override
        public void accept(YamlDocument document) {
            if (document instanceof YamlDocument.Parsed parsed) {
                new ObjectReader(subjects, source, document.number(), results::add).readRoot(parsed.root());
            } else if (document instanceof YamlDocument.Broken broken) {
                ManifestLocation location = new ManifestLocation(source, broken.number(), broken.line());
                results.add(new ManifestResult.Unreadable(location, broken.message()));
            }
        }

        @Override
        public LongDocument longDocument(int number) {
            return new LongListReader(subjects, source, number, results);
        }

        @Override
        public boolean isFull() {
            return results.isFull();
        }
    }

    private static ManifestResult unreadable(String source, String message) {
        return new ManifestResult.Unreadable(ManifestLocation.file(source), message);
    }

    private static String why(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "does not exist";
        }
        if (failure instanceof AccessDeniedException) {
            return "may not be read";
        }
        return "could not be read: " + Text.why(failure);
    }
}
