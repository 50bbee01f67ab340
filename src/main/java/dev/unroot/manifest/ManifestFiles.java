package dev.unroot.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads manifests from files, directories and standard input. Never throws for what it reads: each thing that cannot be
 * read is a result, and all else is read nevertheless.
 */
public final class ManifestFiles {
    /** The largest file that is read, in bytes. */
    public static final int MAX_BYTES = 16 << 20;
    /** The greatest number of results from one file. */
    static final int MAX_RESULTS = 100_000;

    private static final String STDIN = "-";

    private final SubjectReader subjects;
    private final InputStream stdin;

    public ManifestFiles(PodTemplates templates, InputStream stdin) {
        this.subjects = new SubjectReader(templates);
        this.stdin = stdin;
    }

    /** @param sources paths of files and directories; {@code -} is standard input */
    public List<ManifestResult> read(List<String> sources) {
        List<ManifestResult> results = new ArrayList<>();
        for (String source : sources) {
            if (source.equals(STDIN)) {
                readStdin(results);
            } else {
                readPath(source, results);
            }
        }
        return results;
    }

    /** Empty, it means that the command before the pipe failed: that must not look like all is well. */
    private void readStdin(List<ManifestResult> results) {
        int before = results.size();
        readStream("stdin", () -> stdin, results);
        if (results.size() == before) {
            results.add(unreadable("stdin", "holds no object: did the command before the pipe fail?"));
        }
    }

    private void readPath(String source, List<ManifestResult> results) {
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

    private void readFile(Path file, List<ManifestResult> results) {
        readStream(file.toString(), () -> Files.newInputStream(file), results);
    }

    private interface Opener {
        InputStream open() throws IOException;
    }

    private void readStream(String source, Opener opener, List<ManifestResult> results) {
        byte[] bytes;
        try (InputStream in = opener.open()) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            results.add(unreadable(source, why(e)));
            return;
        }
        if (bytes.length > MAX_BYTES) {
            results.add(unreadable(source, "larger than " + (MAX_BYTES >> 20) + " MiB: split it into several files"));
            return;
        }
        int most = results.size() + MAX_RESULTS;
        YamlDocuments.read(bytes, document -> {
            if (document instanceof YamlDocument.Parsed parsed) {
                new ObjectReader(subjects, source, document.number(), result -> add(result, most, results))
                        .read(parsed.root());
            } else if (document instanceof YamlDocument.Broken broken) {
                ManifestLocation location = new ManifestLocation(source, broken.number(), broken.line());
                add(new ManifestResult.Unreadable(location, broken.message()), most, results);
            }
        });
    }

    private static void add(ManifestResult result, int most, List<ManifestResult> results) {
        if (results.size() < most) {
            results.add(result);
        } else if (results.size() == most) {
            results.add(new ManifestResult.Unreadable(
                    result.location(),
                    "more than " + MAX_RESULTS + " objects in one file, and none from here on was judged: split it"));
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
        return "could not be read: " + failure.getMessage();
    }
}
