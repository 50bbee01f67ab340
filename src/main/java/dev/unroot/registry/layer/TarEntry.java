package dev.unroot.registry.layer;

/**
 * One file of a tar archive.
 *
 * @param name as stored, one char per byte (ISO 8859-1), so that no two names become one by decoding
 * @param type the type flag; a nameless old regular file is {@link #REGULAR}, an old directory {@link #DIRECTORY}
 * @param linkName where a link leads, as stored
 * @param size of the stored data in bytes
 * @param sparse true where the data is not simply the content
 * @param steersOverlay true where it carries an extended attribute that the overlay file system obeys: one can hide what is
 *     below, or show it under another name
 */
public record TarEntry(String name, char type, String linkName, long size, boolean sparse, boolean steersOverlay) {
    public static final char REGULAR = '0';
    public static final char HARD_LINK = '1';
    public static final char SYMBOLIC_LINK = '2';
    public static final char DIRECTORY = '5';

    public boolean isDirectory() {
        return type == DIRECTORY;
    }

    /**
     * Whether an extended attribute hides, moves or changes files in the eyes of the kernel's overlay, of containerd's reader
     * of layers, or of fuse-overlayfs. containers/storage unpacks all of them, containerd those that any user may set.
     */
    public static boolean steersOverlay(String attribute) {
        return attribute.contains(".overlay.")
                || attribute.contains(".fuseoverlayfs.")
                || attribute.endsWith(".override_stat");
    }

    /** A file whose content is its data and whose name does not claim to be a directory's. */
    public boolean isPlainFile() {
        return type == REGULAR && !sparse && !name.endsWith("/");
    }

    /** The name without {@code .}, {@code ..} and repeated or leading slashes; empty for the root. */
    public String path() {
        return clean(name);
    }

    /** Source: Go's {@code path.Clean} on the name put under {@code /}, as containerd and Docker clean names. */
    public static String clean(String name) {
        StringBuilder path = new StringBuilder(name.length());
        int start = 0;
        while (start <= name.length()) {
            int slash = name.indexOf('/', start);
            int end = slash < 0 ? name.length() : slash;
            String part = name.substring(start, end);
            if (part.equals("..")) {
                path.setLength(Math.max(0, path.lastIndexOf("/")));
            } else if (!part.isEmpty() && !part.equals(".")) {
                if (path.length() > 0) {
                    path.append('/');
                }
                path.append(part);
            }
            start = end + 1;
        }
        return path.toString();
    }
}
