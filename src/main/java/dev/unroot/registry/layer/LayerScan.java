package dev.unroot.registry.layer;

import dev.unroot.registry.documents.TooLargeException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows one layer's entries and keeps what concerns {@code /etc/passwd}.
 *
 * <p>Sources: image-spec {@code layer.md} (whiteouts hide lower layers only); containerd {@code archive/tar.go} (names are
 * cleaned, parents are followed through links, whatever is at a name is replaced, except a directory by a directory).
 * Where containerd's two ways of unpacking, Docker and CRI-O could end differently, the layer is ambiguous.
 */
public final class LayerScan {
    private static final String ETC = "etc";
    private static final String FILE = "passwd";
    private static final String PASSWD = "etc/passwd";
    /** Runtimes make every directory above what they unpack. */
    private static final String BELOW_PASSWD = PASSWD + "/";

    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private static final String HIDES_ALL = "one layer hides all layers below it";

    /** In bytes: room for names is made in steps of this size. */
    private static final int NAMES = 64 << 10;

    /** No name at all, or the directory itself or the one above: runtimes refuse these whiteouts. */
    private static final Set<String> INVALID_WHITEOUTS = Set.of("", ".", "..");

    private final int mostEntries;
    private final int mostPasswdBytes;
    private final Room room;
    private final SymlinkedPaths whereabouts = new SymlinkedPaths();

    private @Nullable String ambiguity;
    private byte @Nullable [] passwd;
    private boolean passwdRemoved;
    private boolean etcRemoved;
    private boolean etcTouched;
    private boolean etcOpaque;
    private boolean rootOpaque;
    private int entries;
    /** That there is room for; so many need none. */
    private int names = NAMES;

    /** @param mostPasswdBytes of {@code /etc/passwd} */
    public LayerScan(int mostEntries, int mostPasswdBytes) {
        this(mostEntries, mostPasswdBytes, Room.ENDLESS);
    }

    /** @param room for what is kept of the layer */
    public LayerScan(int mostEntries, int mostPasswdBytes, Room room) {
        this.room = room;
        this.mostEntries = mostEntries;
        this.mostPasswdBytes = mostPasswdBytes;
    }

    /** Has room for what is kept of a layer when it returns. */
    public interface Room {
        /** What there is enough of. */
        Room ENDLESS = new Room() {
            @Override
            public void passwd(long bytes) {}

            @Override
            public void more(long bytes) {}
        };

        /** For a passwd, which is kept for longer than the layer is read. */
        void passwd(long bytes);

        /** For so many more bytes of names or tables, as long as the layer is read. */
        void more(long bytes);
    }

    /** Where an entry's content can be had, or what stands for it. */
    @FunctionalInterface
    public interface Content {
        /** @param most to read, in bytes */
        byte[] read(int most) throws IOException;
    }

    /**
     * Takes the layer's next entry; the last of several entries of a name counts.
     *
     * @param content read only if it is passwd's
     * @throws TooLargeException beyond the given number of entries or bytes of passwd
     */
    public void see(TarEntry entry, Content content) throws IOException {
        entries++;
        if (entries > mostEntries) {
            throw new TooLargeException("holds more than " + mostEntries + " files");
        }
        String path = entry.path();
        String parent = parent(path);
        String name = path.substring(parent.isEmpty() ? 0 : parent.length() + 1);
        if (entry.steersOverlay()) {
            ambiguous("its layers hold marks for the overlay file system");
        }
        if (path.startsWith(BELOW_PASSWD)) {
            ambiguous("its /etc/passwd is a directory");
        }
        if (path.isEmpty()) {
            // Runtimes take nothing but attributes from an entry for the root.
            return;
        }
        if (name.equals(OPAQUE)) {
            opaque(parent);
        } else if (name.startsWith(WHITEOUT)) {
            whiteout(parent, name.substring(WHITEOUT.length()));
        } else {
            put(entry, path, name, content);
        }
        while (whereabouts.bytes() > names) {
            room.more(NAMES);
            names += NAMES;
        }
    }

    private void opaque(String directory) {
        if (directory.isEmpty()) {
            rootOpaque = true;
            if (etcTouched && !whereabouts.isDirectory(ETC)) {
                // Where layers are unpacked one over the other, a directory that no entry has named is an old one.
                ambiguous(HIDES_ALL);
            }
        } else if (directory.equals(ETC)) {
            etcOpaque = true;
            etcTouched = true;
            whereabouts.doubt(PASSWD);
        } else {
            whereabouts.doubt(directory + "/" + OPAQUE);
        }
    }

    private void whiteout(String parent, String name) {
        String path = parent.isEmpty() ? name : parent + "/" + name;
        if (INVALID_WHITEOUTS.contains(name)) {
            ambiguous("its layers hold a whiteout without a name");
        } else if (path.equals(PASSWD)) {
            if (passwd != null) {
                ambiguous("one layer both holds and removes its /etc/passwd");
            }
            passwdRemoved = true;
            etcTouched = true;
            whereabouts.doubt(PASSWD);
        } else if (path.equals(ETC)) {
            if (etcTouched) {
                ambiguous("one layer both fills and removes its /etc");
            }
            etcRemoved = true;
        } else {
            etcTouched |= path.startsWith("etc/");
            oddity(path, name.equals(ETC) || name.equals(FILE));
        }
        whereabouts.whiteout(path);
    }

    private void put(TarEntry entry, String path, String name, Content content) throws IOException {
        etcTouched |= path.startsWith("etc/") || path.equals(ETC);
        if (path.equals(PASSWD)) {
            passwd(entry, content);
        } else if (path.equals(ETC)) {
            if (!entry.isDirectory()) {
                ambiguous("its /etc is not a directory");
            }
        } else if (name.equals(FILE) || (name.equals(ETC) && !entry.isDirectory())) {
            oddity(path, true);
        } else if (!entry.isDirectory() && !entry.isPlainFile()) {
            oddity(path, false);
        }
        if (entry.isDirectory()) {
            whereabouts.directory(path);
        } else if (entry.isPlainFile()) {
            whereabouts.plainFile(path);
        } else {
            whereabouts.link(path);
        }
    }

    /** Harmless where it stands, unless a link above it puts it elsewhere. */
    private void oddity(String path, boolean couldBePasswd) {
        if (whereabouts.isCertain(path)) {
            return;
        }
        if (couldBePasswd) {
            whereabouts.doubt(path);
        }
        whereabouts.mayReplace(path);
    }

    private void passwd(TarEntry entry, Content content) throws IOException {
        if (!entry.isPlainFile()) {
            ambiguous(
                    switch (entry.type()) {
                        case TarEntry.HARD_LINK, TarEntry.SYMBOLIC_LINK -> "its /etc/passwd is a link";
                        case TarEntry.DIRECTORY -> "its /etc/passwd is a directory";
                        case TarEntry.REGULAR, 'S' -> "its /etc/passwd is stored in an unusual form";
                        default -> "its /etc/passwd is no regular file";
                    });
        } else if (entry.size() > mostPasswdBytes) {
            throw new TooLargeException("holds an /etc/passwd of more than " + mostPasswdBytes + " bytes");
        } else {
            // The one before goes, or there would be two.
            passwd = null;
            room.passwd(entry.size());
            passwd = content.read(mostPasswdBytes);
            whereabouts.doubt(PASSWD);
        }
    }

    private void ambiguous(String why) {
        if (ambiguity == null) {
            ambiguity = why;
        }
    }

    /**
     * What all entries seen make.
     *
     * @param above what the layers above left open ({@link PasswdSearch#unsettled})
     */
    public LayerFindings findings(Set<String> above) {
        if (passwd == null && etcRemoved && etcTouched && !passwdRemoved && !etcOpaque) {
            ambiguous("one layer removes its /etc and makes another");
        }
        if (passwd == null && rootOpaque) {
            ambiguous(HIDES_ALL);
        }
        boolean hides = passwd == null && (passwdRemoved || etcOpaque || etcRemoved);
        Set<String> wanted = new HashSet<>(above);
        if (etcRemoved && !etcTouched) {
            wanted.remove(ETC);
        }
        Set<String> unsettled = whereabouts.unsettled(wanted);
        if (unsettled == null) {
            ambiguous("its layers write to names that may lead to /etc through a link");
        }
        boolean removesEtc = hides && etcRemoved && !passwdRemoved && !etcOpaque;
        // What is put through a link of this layer can make the directory as well.
        boolean makesEtc = etcTouched || whereabouts.hasLinks();
        return new LayerFindings(
                ambiguity, passwd, hides, removesEtc, makesEtc, unsettled == null ? Set.of() : unsettled);
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
