package dev.unroot.registry.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A root file system that layers are unpacked to, in memory: what a runtime would really do, entry by entry, to compare
 * predictions with. Written for being obvious, not for speed, and from the runtimes' descriptions rather than from the code
 * it is to check.
 */
final class UnpackedTree {
    private static final int MOST_LINKS = 40;

    /** A runtime gives up: the image does not start. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why);
        }
    }

    interface Node {}

    static final class Directory implements Node {
        final String path;
        final Map<String, Node> children = new TreeMap<>();
        boolean opaque;

        Directory(String path) {
            this.path = path;
        }

        String pathOf(String name) {
            return path + "/" + name;
        }
    }

    record File(String content) implements Node {}

    record Link(String target) implements Node {}

    /** In a layer that is unpacked by itself. */
    record Whiteout() implements Node {}

    /** One tar entry; the type is tar's, {@code w} a whiteout, {@code o} an opaque mark. */
    record Entry(char type, String path, String content) {}

    private final Directory root = new Directory("");
    private Set<String> unpacked = new HashSet<>();

    /** Unpacks a layer over those below, as containerd does on a mounted snapshot, and Docker's older drivers. */
    void unpackInPlace(List<Entry> layer) throws Refused {
        unpacked = new HashSet<>();
        for (Entry entry : layer) {
            unpack(entry, true);
        }
    }

    /** Unpacks a layer by itself and lays it over those below, as CRI-O does, and containerd in parallel. */
    void unpackApart(List<Entry> layer) throws Refused {
        UnpackedTree own = new UnpackedTree();
        for (Entry entry : layer) {
            own.unpack(entry, false);
        }
        overlay(root, own.root);
    }

    private void unpack(Entry entry, boolean inPlace) throws Refused {
        Deque<String> parts = split(entry.path());
        if (parts.isEmpty()) {
            return;
        }
        String name = parts.removeLast();
        Directory parent = directory(parts);
        Node before = parent.children.get(name);
        switch (entry.type()) {
            case 'w' -> {
                if (inPlace) {
                    parent.children.remove(name);
                } else if (before != null) {
                    throw new Refused("a device is made where something is");
                } else {
                    parent.children.put(name, new Whiteout());
                }
            }
            case 'o' -> {
                if (!(before instanceof Directory hidden)) {
                    throw new Refused("no directory");
                }
                if (inPlace) {
                    hideOld(hidden);
                } else {
                    hidden.opaque = true;
                }
            }
            case '5' -> {
                if (!(before instanceof Directory)) {
                    parent.children.put(name, new Directory(parent.pathOf(name)));
                }
            }
            case '1' -> {
                Deque<String> target = split(entry.content());
                if (target.isEmpty()) {
                    throw new Refused("a hard link to the root");
                }
                String targetName = target.removeLast();
                Node linked = directory(target).children.get(targetName);
                if (linked == null || linked instanceof Directory) {
                    throw new Refused("a hard link to nothing");
                }
                parent.children.put(name, linked);
            }
            case '2' -> parent.children.put(name, new Link(entry.content()));
            default -> parent.children.put(name, new File(entry.content()));
        }
        if (entry.type() != 'w' && entry.type() != 'o') {
            unpacked.add(parent.pathOf(name));
        }
    }

    /** An opaque mark removes what the layers below have put there. */
    private void hideOld(Directory directory) {
        directory.children.keySet().removeIf(name -> !unpacked.contains(directory.pathOf(name)));
        directory.children.values().forEach(child -> {
            if (child instanceof Directory below) {
                hideOld(below);
            }
        });
    }

    /** The directory at a path, through links, made where there is nothing. */
    private Directory directory(Deque<String> path) throws Refused {
        Node found = resolve(path, true);
        if (found instanceof Directory directory) {
            return directory;
        }
        throw new Refused("a file is in the way");
    }

    /** What is at a path, all links followed, none of them out of the root; null where there is nothing. */
    private @Nullable Node resolve(Deque<String> path, boolean make) throws Refused {
        Deque<Directory> above = new ArrayDeque<>();
        Directory at = root;
        Deque<String> todo = new ArrayDeque<>(path);
        int links = 0;
        while (!todo.isEmpty()) {
            String part = todo.removeFirst();
            if (part.equals("..")) {
                at = above.isEmpty() ? root : above.removeLast();
                continue;
            }
            Node next = at.children.get(part);
            if (next == null || next instanceof Whiteout) {
                if (!make || next != null) {
                    return null;
                }
                next = new Directory(at.pathOf(part));
                at.children.put(part, next);
            }
            if (next instanceof Link link) {
                if (++links > MOST_LINKS) {
                    throw new Refused("links in a circle");
                }
                if (link.target().startsWith("/")) {
                    at = root;
                    above.clear();
                }
                String[] parts = link.target().split("/");
                for (int i = parts.length - 1; i >= 0; i--) {
                    if (!parts[i].isEmpty() && !parts[i].equals(".")) {
                        todo.addFirst(parts[i]);
                    }
                }
            } else if (next instanceof Directory directory) {
                above.addLast(at);
                at = directory;
            } else if (todo.isEmpty()) {
                return next;
            } else {
                return make ? next : null;
            }
        }
        return at;
    }

    private static Deque<String> split(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return parts;
    }

    private static void overlay(Directory lower, Directory upper) {
        if (upper.opaque) {
            lower.children.clear();
        }
        upper.children.forEach((name, node) -> {
            if (node instanceof Whiteout) {
                lower.children.remove(name);
            } else if (node instanceof Directory above) {
                if (!(lower.children.get(name) instanceof Directory)) {
                    lower.children.put(name, new Directory(lower.pathOf(name)));
                }
                overlay((Directory) lower.children.get(name), above);
            } else {
                lower.children.put(name, node);
            }
        });
    }

    /** What a runtime finds as passwd; null where it finds none. */
    @Nullable
    String passwd() throws Refused {
        Node node = resolve(split("etc/passwd"), false);
        if (node instanceof Directory) {
            throw new Refused("passwd is a directory");
        }
        return node instanceof File file ? file.content() : null;
    }
}
