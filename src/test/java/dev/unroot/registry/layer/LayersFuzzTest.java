package dev.unroot.registry.layer;

import static dev.unroot.fuzz.Fuzz.pick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.fuzz.Fuzz;
import dev.unroot.registry.TestLayer;
import dev.unroot.registry.layer.UnpackedTree.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Layers made by chance out of a few names, so that links, whiteouts and directories meet: where a passwd is found, each
 * way of unpacking must come to that very one.
 */
class LayersFuzzTest {
    private int certain;

    @Test
    void whatIsFoundIsWhatEveryRuntimeUnpacks() {
        Fuzz.generate(15_000, this::check);
        // Answers of "unclear" are never wrong, so they must not be all there is.
        assertThat(certain).isPositive();
    }

    private void check(Random random) throws IOException {
        List<List<Entry>> layers = new ArrayList<>();
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            layers.add(layer(random, layers.size()));
        }
        PasswdFile predicted = predict(layers);
        if (predicted instanceof PasswdFile.Unclear) {
            return;
        }
        certain++;
        String content = predicted instanceof PasswdFile.Found found ? new String(found.content()) : null;
        compare(layers, content, UnpackedTree::unpackInPlace, "in place");
        compare(layers, content, UnpackedTree::unpackApart, "apart");
    }

    private interface Unpacking {
        void unpack(UnpackedTree tree, List<Entry> layer) throws UnpackedTree.Refused;
    }

    private static void compare(List<List<Entry>> layers, @Nullable String predicted, Unpacking unpacking, String how) {
        try {
            UnpackedTree tree = new UnpackedTree();
            for (List<Entry> layer : layers) {
                unpacking.unpack(tree, layer);
            }
            assertThat(tree.passwd()).as(how + " " + layers).isEqualTo(predicted);
        } catch (UnpackedTree.Refused doesNotStart) {
            assertThat(doesNotStart).hasMessageNotContaining("\0");
        }
    }

    private static PasswdFile predict(List<List<Entry>> layers) throws IOException {
        PasswdSearch search = new PasswdSearch();
        for (int i = layers.size() - 1; i >= 0; i--) {
            LayerScan scan = new LayerScan(1000, 1000);
            LayerTar.read(new ByteArrayInputStream(tar(layers.get(i))), scan);
            if (search.add(scan.findings(search.unsettled()))) {
                break;
            }
        }
        return search.result();
    }

    private static List<Entry> layer(Random random, int number) {
        List<Entry> entries = new ArrayList<>();
        for (int count = random.nextInt(7); count > 0; count--) {
            String path = path(random);
            char type = pick(random, '0', '0', '0', '5', '5', '5', '2', '1', 'w', 'o');
            entries.add(
                    switch (type) {
                        case '2' ->
                            new Entry(type, path, pick(random, "etc", "/", ".", "a", "..", "/a/b", "b", "../etc"));
                        case '1' -> new Entry(type, path, path(random));
                        case '0' -> new Entry(type, path, "layer " + number + ", " + entries.size());
                        default -> new Entry(type, path, "");
                    });
        }
        return entries;
    }

    private static String path(Random random) {
        if (random.nextInt(4) == 0) {
            return pick(random, "etc", "etc/passwd", "./etc/passwd", "a/../etc/passwd");
        }
        StringBuilder path = new StringBuilder();
        for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
            path.append(path.length() == 0 ? "" : "/").append(pick(random, "etc", "passwd", "a", "b"));
        }
        return path.toString();
    }

    private static byte[] tar(List<Entry> entries) {
        TestLayer layer = new TestLayer();
        for (Entry entry : entries) {
            switch (entry.type()) {
                case '5' -> layer.directory(entry.path());
                case '2' -> layer.symbolicLink(entry.path(), entry.content());
                case '1' -> layer.hardLink(entry.path(), entry.content());
                case 'w' -> layer.whiteout(entry.path());
                case 'o' -> layer.opaque(entry.path());
                default -> layer.file(entry.path(), entry.content());
            }
        }
        return layer.unpacked();
    }
}
