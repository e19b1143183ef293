package io.millwright.watcher.fs.internal;

import java.net.URI;
import java.nio.file.Path;

/**
 * Names of files as keys, and back. A name is bytes: one that the locale of the JVM cannot read as text (another encoding, or any
 * beyond ASCII in the POSIX locale) would lead to no file again. Static functions.
 */
final class Names {
    /** What the JDK puts in the place of what it cannot read. */
    private static final char UNREADABLE = '\ufffd';

    /** Begins a key that is the escaped bytes of a name; no name has it. */
    private static final char ESCAPED = '\0';

    private Names() {}

    /**
     * A key.
     *
     * @param path a name, or an absolute path
     * @return its text if that leads back to it
     */
    static String of(Path path) {
        String text = path.toString();
        if (text.indexOf(UNREADABLE) < 0) {
            return text;
        }
        // Of a relative path this is the absolute one; a file of that name need not be there.
        String bytes = path.toUri().getRawPath();
        if (bytes.endsWith("/")) {
            bytes = bytes.substring(0, bytes.length() - 1);
        }
        return ESCAPED + (path.isAbsolute() ? bytes : bytes.substring(bytes.lastIndexOf('/') + 1));
    }

    /** The name, or absolute path, of a key. */
    static Path path(String key) {
        if (key.isEmpty() || key.charAt(0) != ESCAPED) {
            return Path.of(key);
        }
        String bytes = key.substring(1);
        boolean absolute = bytes.startsWith("/");
        Path path = Path.of(URI.create("file://" + (absolute ? bytes : '/' + bytes)));
        return absolute ? path : path.getFileName();
    }
}
