package dev.unroot.registry.platforms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.common.Deadline;
import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.ImageVerdict;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.registry.ImageSource;
import dev.unroot.registry.Pull;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.ImageDocument;
import dev.unroot.registry.documents.ImageDocumentParser;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.platforms.ContainersImageChoice.As;
import dev.unroot.registry.platforms.NodeReadings.Reading;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an index is taken for, held against the code of the runtimes themselves, which {@code .ci/index-choice} builds. Other
 * indexes than in every build: {@code -Dfuzz.seed=N}.
 */
class IndexChoiceIT {
    private static final int INDEXES = 100_000;
    private static final long SEED = Long.getLong("fuzz.seed", 20261128L);
    private static final String FOLDER = "UNROOT_INDEX_CHOICE";
    private static final String NONE = "-";
    private static final ImageReference NAME = ImageReference.parse("registry.example/app:1");
    private static final Pull PULL = new Pull(NAME, PullIdentity.NONE, Deadline.in(Duration.ofHours(10)));

    private static final Map<String, ContainerRuntime> CONTAINERD = new LinkedHashMap<>(Map.of(
            "containerd-1.6", ContainerRuntime.CONTAINERD_1,
            "containerd-1.7", ContainerRuntime.CONTAINERD_1,
            "containerd-2.2", ContainerRuntime.CONTAINERD_2_0,
            "containerd-2.4", ContainerRuntime.CONTAINERD_2_3));
    private static final String CONTAINERS_IMAGE = "containers-image";

    private static final List<String> NODES = List.of(
            "linux/amd64",
            "linux/amd64",
            "linux/amd64",
            "linux/amd64/v2",
            "linux/amd64/v3",
            "linux/arm64",
            "linux/arm64",
            "linux/arm64/v8",
            "linux/arm64/v8.2",
            "linux/arm64/v9",
            "linux/arm64/v9.6",
            "linux/arm64/v10",
            "linux/arm",
            "linux/arm/v5",
            "linux/arm/v6",
            "linux/arm/v7",
            "linux/arm/v8",
            "linux/386",
            "linux/s390x",
            "windows/amd64");

    @TempDir
    static Path folder;

    private record Question(String index, Platform node) {}

    private static RandomIndexes indexes;
    private static List<Question> questions;
    private static final Map<String, List<String>> ANSWERS = new LinkedHashMap<>();

    @BeforeAll
    static void ask() throws Exception {
        List<String> programs = new ArrayList<>(CONTAINERD.keySet());
        programs.add(CONTAINERS_IMAGE);
        require(programs);
        Random random = new Random(SEED);
        indexes = new RandomIndexes(random);
        questions = new ArrayList<>(INDEXES);
        for (int i = 0; i < INDEXES; i++) {
            questions.add(new Question(indexes.index(random), Platform.parse(NODES.get(random.nextInt(NODES.size())))));
        }
        Path input = folder.resolve("questions.json");
        write(input);
        Map<String, Process> running = new LinkedHashMap<>();
        try {
            for (String program : programs) {
                running.put(
                        program,
                        new ProcessBuilder(
                                        Path.of(System.getenv(FOLDER), program).toString())
                                .redirectInput(input.toFile())
                                .redirectOutput(folder.resolve(program).toFile())
                                .redirectError(ProcessBuilder.Redirect.INHERIT)
                                .start());
            }
            for (String program : programs) {
                assertThat(running.get(program).waitFor()).as(program).isZero();
                List<String> answers = Files.readAllLines(folder.resolve(program));
                assertThat(answers).as(program).hasSize(INDEXES);
                ANSWERS.put(program, answers);
            }
        } finally {
            running.values().forEach(Process::destroyForcibly);
        }
    }

    private static void require(List<String> programs) {
        String named = System.getenv(FOLDER);
        for (String program : programs) {
            if (named == null || !Files.isExecutable(Path.of(named, program))) {
                String message = (named == null ? FOLDER + " is not set" : FOLDER + " lacks " + program)
                        + ": export UNROOT_INDEX_CHOICE=\"$(.ci/index-choice | tail -n 1)\"";
                if (System.getenv("CI") != null) {
                    Assertions.fail(message);
                }
                Assumptions.abort(message);
            }
        }
    }

    private static void write(Path input) throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (BufferedWriter writer = Files.newBufferedWriter(input)) {
            writer.write(json.writeValueAsString(indexes.documents()));
            for (Question question : questions) {
                writer.newLine();
                writer.write(json.writeValueAsString(Map.of(
                        "os", question.node().os(),
                        "architecture", question.node().architecture(),
                        "variant", question.node().variant(),
                        "osVersion", question.node().isWindows() ? "10.0.20348" : "",
                        "index", question.index())));
            }
        }
    }

    @Test
    void eachReleaseOfContainerdTakesWhatItIsSaidToTake() throws Exception {
        ImageDocuments documents = new ImageDocuments(new Questions(""), Limits.DEFAULT, PULL);
        PlatformChoice choice = new PlatformChoice(documents, Limits.DEFAULT);
        int compared = 0;
        int taken = 0;
        for (int i = 0; i < INDEXES; i++) {
            Question question = questions.get(i);
            if (question.node().isWindows()) {
                continue;
            }
            for (Map.Entry<String, ContainerRuntime> containerd : CONTAINERD.entrySet()) {
                ContainerRuntime release = containerd.getValue();
                List<PlatformImage> images = choice.of(
                                parse(question),
                                question.node(),
                                List.of(new Reading(release, new ContainerdChoice(release, question.node()))))
                        .toCompletableFuture()
                        .join();
                String ours = images.isEmpty()
                        ? NONE
                        : images.get(0).manifest().config().digest().toString();
                String theirs = ANSWERS.get(containerd.getKey()).get(i);
                if (!ours.equals(theirs)) {
                    Assertions.fail("%s takes %s and not %s, seed %d: %s %s"
                            .formatted(containerd.getKey(), theirs, ours, SEED, question, nested(question)));
                }
                compared++;
                taken += ours.equals(NONE) ? 0 : 1;
            }
        }
        assertThat(compared).isGreaterThan(4 * 90_000);
        assertThat(taken).isGreaterThan(100_000);
    }

    @Test
    void containersImageTakesWhatItIsSaidToTake() throws Exception {
        int taken = 0;
        for (int i = 0; i < INDEXES; i++) {
            Question question = questions.get(i);
            List<Descriptor> entries = parse(question).entries();
            String ours = taken(new ContainersImageChoice(As.OCI, question.node()).from(entries)) + " "
                    + taken(new ContainersImageChoice(As.DOCKER, question.node()).from(entries));
            assertThat(ours)
                    .as("seed %s: %s", SEED, question)
                    .isEqualTo(ANSWERS.get(CONTAINERS_IMAGE).get(i));
            taken += ours.equals("- -") ? 0 : 1;
        }
        assertThat(taken).isGreaterThan(30_000);
    }

    /** Whoever takes the image that is root: that one is judged, and the verdict is root. */
    @Test
    void theVerdictIsThatOfTheMostDangerousImageThatAnyRuntimeTakes() throws Exception {
        int different = 0;
        int root = 0;
        int overRefused = 0;
        for (int i = 0; i < INDEXES; i++) {
            Question question = questions.get(i);
            List<Boolean> taken = rootOrNot(i);
            if (taken.isEmpty()) {
                continue;
            }
            boolean anyRoot = taken.contains(true);
            Platform node = question.node();
            for (Platform platform : new LinkedHashSet<>(List.of(node, labelled(node)))) {
                ImageFacts facts = read(question, platform);
                assertThat(facts).as("%s", question).isInstanceOf(ImageFacts.Known.class);
                List<ImageVerdict> verdicts = ((ImageFacts.Known) facts)
                        .users().stream()
                                .map(PlatformUser::user)
                                .map(user -> user.verdict())
                                .toList();
                if (anyRoot) {
                    assertThat(verdicts).as("seed %s: %s", SEED, question).contains(ImageVerdict.ROOT);
                } else if (platform == node && verdicts.contains(ImageVerdict.ROOT)) {
                    overRefused++;
                }
                if (taken.contains(false)) {
                    assertThat(verdicts).as("seed %s: %s", SEED, question).contains(ImageVerdict.NON_ROOT);
                }
            }
            different += anyRoot && taken.contains(false) ? 1 : 0;
            root += anyRoot ? 1 : 0;
        }
        System.out.printf(
                "indexes of which runtimes take both a root and a non-root image: %d of %d; root for at least one: %d; "
                        + "judged root without: %d%n",
                different, INDEXES, root, overRefused);
        assertThat(different).isGreaterThan(2_000);
    }

    /** As a node's labels tell it, which name no variant, nor do amd64 nodes find any. */
    private static Platform labelled(Platform node) {
        boolean real = node.architecture().equals("arm") || List.of("", "v8").contains(node.variant());
        return real ? new Platform(node.os(), node.architecture(), "") : node;
    }

    private static List<String> nested(Question question) throws IOException {
        return parse(question).entries().stream()
                .map(entry -> entry.digest().toString())
                .filter(indexes::isNested)
                .map(digest -> new String(indexes.images().blob(digest), StandardCharsets.UTF_8))
                .toList();
    }

    /** What every runtime takes, true for root. */
    private static List<Boolean> rootOrNot(int i) {
        List<Boolean> taken = new ArrayList<>();
        ANSWERS.forEach((program, answers) -> {
            for (String digest : answers.get(i).split(" ")) {
                // There are no runtimes on Windows but containerd; and containers/image refuses an index within an
                // index.
                boolean counts = !digest.equals(NONE)
                        && !indexes.isNested(digest)
                        && !(questions.get(i).node().isWindows() && program.equals(CONTAINERS_IMAGE));
                if (counts) {
                    taken.add(indexes.isRoot(digest));
                }
            }
        });
        return taken;
    }

    private static ImageFacts read(Question question, Platform platform) {
        return new ImageReader(new Questions(question.index()), Limits.DEFAULT)
                .read(PULL, List.of(platform), Detail.USER)
                .toCompletableFuture()
                .join();
    }

    private static ImageDocument.Index parse(Question question) throws IOException {
        return (ImageDocument.Index)
                ImageDocumentParser.parse(question.index().getBytes(StandardCharsets.UTF_8), null, Limits.DEFAULT);
    }

    private static String taken(Descriptor entry) {
        return entry == null ? NONE : entry.digest().toString();
    }

    /** Serves one index under any tag, and the images in all of them. */
    private record Questions(String index) implements ImageSource {
        @Override
        public CompletionStage<Document> manifest(Pull pull, String tagOrDigest) {
            byte[] bytes = Digest.isDigest(tagOrDigest)
                    ? indexes.images().blob(tagOrDigest)
                    : index.getBytes(StandardCharsets.UTF_8);
            return CompletableFuture.completedFuture(
                    new Document(bytes, Digest.of(bytes).toString(), null));
        }

        @Override
        public CompletionStage<byte[]> blob(Pull pull, Descriptor descriptor) {
            return CompletableFuture.completedFuture(
                    indexes.images().blob(descriptor.digest().toString()));
        }

        @Override
        public <R> CompletionStage<R> layer(Pull pull, Descriptor descriptor, LayerReader<R> reader) {
            throw new UnsupportedOperationException("none of them has layers");
        }
    }
}
