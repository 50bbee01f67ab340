package dev.unroot.e2e.layers;

import static dev.unroot.fuzz.Fuzz.pick;

import dev.unroot.registry.TestLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Layers made by chance, of what could bring runtimes to different users: whiteouts, opaque marks, directories made again,
 * links and other files, at {@code /etc}, at its passwd, at names that look like theirs and at names that may lead there.
 *
 * @param tars lowest first
 * @param entries what is in them, to be read by people
 */
record LayerStack(List<byte[]> tars, List<List<String>> entries) {
    private static final String[] NAMES = {
        "etc",
        "etc",
        "etc/",
        "etc/passwd",
        "etc/passwd",
        "./etc/passwd",
        "/etc/passwd",
        "etc//passwd",
        "./etc",
        "/etc",
        "a/../etc/passwd",
        "a/../etc",
        "../etc/passwd",
        "../../etc",
        "etc/../etc/passwd",
        "etc/passwd/",
        "etc/x",
        "etc/group",
        "ETC/passwd",
        "Etc",
        "etc/Passwd",
        "a",
        "b",
        "a/etc",
        "a/etc/passwd",
        "a/passwd",
        "b/passwd",
        "b/etc",
        "a/b",
        "b/a/x",
        "usr",
        "usr/etc",
        "usr/etc/passwd",
        "passwd",
        "etc/passwd/x",
        "etc/etc/passwd",
        "./",
        "etc/y",
        "b/",
        "etc/z/",
        "A",
        "x",
        "y",
        "etc/etc",
        ".wh..wh.plnk/1",
        ".wh..wh.plnk",
        "etc/.wh..wh.plnk",
        ".wh..wh.aufs",
        ".wh..wh.etc",
        "etc/.wh..wh.passwd"
    };

    /** Where a directory or a link mostly lets the image be unpacked. */
    private static final String[] PLACES = {
        "etc",
        "etc",
        "etc",
        "./etc/",
        "/etc",
        "a/../etc",
        "a",
        "b",
        "a/etc",
        "b/etc",
        "a/b",
        "usr",
        "usr/etc",
        "etc/x",
        "etc/y",
        "etc/group",
        "etc/etc",
        "Etc",
        "x",
        "y",
        "etc/z",
        "b/a/x",
        ".wh..wh.plnk",
        ".",
        "passwd",
        "a/passwd"
    };

    private static final String[] WHITEOUTS = {
        ".wh.etc",
        ".wh.etc",
        "./.wh.etc",
        "/.wh.etc",
        "a/../.wh.etc",
        ".wh.etc/",
        "etc/.wh.passwd",
        "etc/.wh.passwd",
        "/etc/.wh.passwd",
        "etc/.wh.passwd/x",
        "etc/.wh..wh..opq",
        "etc/.wh..wh..opq",
        "./etc/.wh..wh..opq",
        ".wh..wh..opq",
        "a/.wh..wh..opq",
        ".wh.a",
        ".wh.b",
        "a/.wh.etc",
        "a/.wh.passwd",
        "b/.wh.etc",
        ".wh..",
        "etc/.wh...",
        ".wh.ETC",
        ".wh.x",
        "etc/.wh.y",
        "etc/.wh.x",
        "etc/.wh.group",
        "usr/.wh.etc",
        ".wh.usr",
        ".wh.passwd",
        ".wh.etc/passwd",
        ".wh.etc/.wh.passwd"
    };

    private static final String[] TARGETS = {
        "etc",
        "/etc",
        "./etc",
        "/",
        ".",
        "..",
        "../etc",
        "a",
        "/a",
        "b",
        "usr/etc",
        "/usr/etc",
        "passwd",
        "x",
        "/etc/passwd",
        "etc/passwd",
        "../etc/passwd",
        "/usr/etc/passwd",
        "../usr/etc/passwd",
        "a/etc/passwd",
        "nothing",
        "/nothing/passwd",
        "etc/x",
        ".wh..wh.plnk/1",
        "../../../../etc/passwd",
        "/proc/self/root/etc/passwd"
    };

    private static final String[] ATTRIBUTES = {
        "trusted.overlay.opaque",
        "user.overlay.opaque",
        "trusted.overlay.redirect",
        "user.overlay.whiteout",
        "trusted.overlay.whiteout",
        "trusted.overlay.metacopy",
        "trusted.overlay.overlay.opaque"
    };

    private static final String[] ROWS = {
        "app:x:0:0::/:",
        "app:x:1000:7::/:",
        "app:x:2001:8::/:",
        "app:x:00:1::/:",
        "app:x:+5:1::/:",
        "app:x::1::/:",
        "app",
        "app:x:abc:1::/:",
        "app:x: 6:1::/:",
        "app:x:-1:1::/:",
        "app:x:4294967296:1::/:",
        " app:x:9:1::/:",
        "app :x:9:1::/:",
        "APP:x:9:1::/:",
        "root:x:0:0::/:",
        "x:x:1000:9::/:",
        "x:x:+1000:10::/:",
        "#app:x:3:3::/:",
        "",
        ":",
        "app:x:12",
        "+::::::"
    };

    static LayerStack random(Random random) {
        List<byte[]> tars = new ArrayList<>();
        List<List<String>> entries = new ArrayList<>();
        for (int count = 2 + random.nextInt(4); count > 0; count--) {
            TestLayer layer = new TestLayer();
            List<String> written = new ArrayList<>();
            if (random.nextInt(tars.isEmpty() ? 2 : 8) == 0) {
                layer.directory("etc");
                written.add("5 etc");
                file(layer, "etc/passwd", rows(random), written);
            }
            // Whiteouts come first in most layers, or they meet what they are to remove, and nothing is unpacked.
            for (int more = random.nextInt(3); more > 0; more--) {
                file(layer, pick(random, WHITEOUTS), "", written);
            }
            for (int more = random.nextInt(5); more > 0; more--) {
                add(random, layer, written);
            }
            tars.add(layer.unpacked());
            entries.add(written);
        }
        return new LayerStack(tars, entries);
    }

    private static void add(Random random, TestLayer layer, List<String> written) {
        switch (random.nextInt(25)) {
            case 0 -> file(layer, pick(random, WHITEOUTS), "", written);
            case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 -> directory(random, layer, written);
            case 12, 13, 14 -> link(layer, '2', away(random), pick(random, TARGETS), written);
            case 15 -> hardLink(random, layer, written);
            case 16 -> special(random, layer, written);
            case 17 -> {
                if (random.nextInt(3) == 0) {
                    attribute(random, layer, written);
                }
            }
            default -> file(layer, pick(random, NAMES), rows(random), written);
        }
    }

    private static void file(TestLayer layer, String name, String rows, List<String> written) {
        // The writer gives no content to what is named as a directory.
        String content = name.endsWith("/") ? "" : rows;
        layer.file(name, content);
        written.add("0 " + name + (content.isEmpty() ? "" : " = " + content.replace("\n", "\\n")));
    }

    private static void directory(Random random, TestLayer layer, List<String> written) {
        String name = place(random);
        layer.directory(name);
        written.add("5 " + name);
    }

    /** Mostly to a file that is there. */
    private static void hardLink(Random random, TestLayer layer, List<String> written) {
        if (random.nextInt(8) == 0) {
            link(layer, '1', place(random), pick(random, TARGETS), written);
        } else {
            file(layer, "h", rows(random), written);
            link(layer, '1', random.nextInt(6) == 0 ? "etc/passwd" : away(random), "h", written);
        }
    }

    private static void link(TestLayer layer, char type, String name, String target, List<String> written) {
        if (type == '2') {
            layer.symbolicLink(name, target);
        } else {
            layer.hardLink(name, target);
        }
        written.add(type + " " + name + " -> " + target);
    }

    private static String place(Random random) {
        return random.nextInt(6) == 0 ? pick(random, NAMES) : pick(random, PLACES);
    }

    /** The same, and hardly ever /etc itself, which would settle everything. */
    private static String away(Random random) {
        String name = place(random);
        for (int again = 0; again < 3 && name.matches("([./]|a/../)*etc/?"); again++) {
            name = place(random);
        }
        return name;
    }

    /** A device, or an old or odd type of file. No pipes: whoever opens one waits without end. */
    private static void special(Random random, TestLayer layer, List<String> written) {
        String name = random.nextInt(5) == 0 ? pick(random, WHITEOUTS) : away(random);
        char type = pick(random, '\0', '\0', '\0', '3', '3', '3', '4', '4', '7');
        layer.special(name, type);
        written.add((type == 0 ? "NUL" : type) + " " + name);
    }

    private static void attribute(Random random, TestLayer layer, List<String> written) {
        String name = pick(random, "etc", "a", "etc/passwd", ".");
        TarArchiveEntry entry = TestLayer.entry(name, (byte) (name.endsWith("passwd") ? '0' : '5'));
        String attribute = pick(random, ATTRIBUTES);
        Map.of("SCHILY.xattr." + attribute, attribute.endsWith("redirect") ? "/a" : "y")
                .forEach(entry::addPaxHeader);
        layer.put(entry, new byte[0]);
        written.add("xattr " + attribute + " " + name);
    }

    private static String rows(Random random) {
        StringBuilder rows = new StringBuilder();
        for (int count = random.nextInt(4); count > 0; count--) {
            rows.append(pick(random, ROWS)).append(pick(random, "\n", "\n", "\r\n", " \n"));
        }
        return rows.toString();
    }
}
