package io.millwright.controller.internal.process;

import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Paths as the bytes that the system knows, whatever the locale of the JVM: the JDK makes a path of a text, and a text of a path, in
 * the encoding of the locale, and refuses or loses what that does not have. Here a text is {@link RawText}. Static functions.
 */
public final class SystemPath {
    private static final boolean UTF_8 =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")).equals(StandardCharsets.UTF_8);

    /** What the JDK puts in the place of bytes that it cannot read. */
    private static final char UNREADABLE = '\ufffd';

    private SystemPath() {}

    /**
     * Makes a path.
     *
     * @param text a path, absolute or not
     * @return the path whose bytes the text stands for
     * @throws InvalidPathException if no path can be that: it has a NUL character, or half of one that stands for no byte
     */
    public static Path of(String text) {
        if (isAscii(text) || UTF_8 && RawText.withoutRaw(text).equals(text)) {
            return Path.of(text);
        }
        if (text.indexOf('\0') >= 0) {
            throw new InvalidPathException(text, "Nul character not allowed");
        }
        StringBuilder uri = new StringBuilder("file://");
        boolean absolute = text.startsWith("/");
        if (!absolute) {
            uri.append('/');
        }
        for (byte b : RawText.encode(text)) {
            boolean slash = b == '/';
            if (slash && uri.charAt(uri.length() - 1) == '/' && uri.length() > "file:///".length()) {
                continue;
            }
            uri.append(slash ? "/" : String.format("%%%02X", b));
        }
        Path path = Path.of(URI.create(uri.toString()));
        return absolute ? path : path.subpath(0, path.getNameCount());
    }

    /**
     * The bytes of a path.
     *
     * @param path an absolute path
     * @return its bytes, without a zero at the end
     */
    public static byte[] bytes(Path path) {
        String text = path.toString();
        if (isAscii(text) || UTF_8 && text.indexOf(UNREADABLE) < 0) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        String escaped = path.toUri().getRawPath();
        byte[] bytes = new byte[escaped.length()];
        int length = 0;
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '%') {
                bytes[length++] = (byte) Integer.parseInt(escaped, i + 1, i + 3, 16);
                i += 2;
            } else {
                bytes[length++] = (byte) escaped.charAt(i);
            }
        }
        // The path of a directory ends in one there.
        boolean slash = length > 1 && bytes[length - 1] == '/';
        return Arrays.copyOf(bytes, slash ? length - 1 : length);
    }

    /**
     * The text of a path.
     *
     * @param path an absolute path
     * @return text from which {@link #of} makes the same path
     */
    public static String text(Path path) {
        String text = path.toString();
        return isAscii(text) ? text : RawText.decode(bytes(path));
    }

    /**
     * Whether a file is there.
     *
     * @param path an absolute path
     * @return true if it is, as far as this user may see
     */
    public static boolean exists(Path path) {
        // Quicker for files that are not there, for which java.nio throws and catches.
        return isAscii(path.toString()) ? path.toFile().exists() : Files.exists(path);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
