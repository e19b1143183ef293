package io.millwright.watcher.fs.internal;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.regex.PatternSyntaxException;

/**
 * One glob, relative to a watched directory: {@code *}, {@code ?}, {@code [a-z]} and {@code {a,b}} within a name,
 * {@code **} across directories, where {@code **}{@code /x} also means {@code x}. Immutable.
 */
final class Glob {
    private final PathMatcher matcher;

    /**
     * Compiles it.
     *
     * @throws IllegalArgumentException if it is no glob; the message says why
     */
    Glob(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("it is empty; write for example '*.conf' or '**/*.py'");
        }
        if (text.startsWith("/")) {
            throw new IllegalArgumentException("it begins with '/'; globs are relative to the watched directory");
        }
        String glob = text.startsWith("./") ? text.substring(2) : text;
        if (glob.endsWith("/")) {
            glob = glob.substring(0, glob.length() - 1);
        }
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + optionalPrefixes(glob));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription(), e);
        }
    }

    /** The JDK's {@code **}{@code /} needs a directory; everybody else's also matches none. Braces cannot be nested. */
    private static String optionalPrefixes(String glob) {
        StringBuilder out = new StringBuilder();
        boolean braces = false;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            boolean nameBegins = i == 0 || glob.charAt(i - 1) == '/';
            if (!braces && nameBegins && glob.startsWith("**/", i)) {
                out.append("{**/,}");
                i += 2;
                continue;
            }
            if (c == '\\' && i + 1 < glob.length()) {
                out.append(c).append(glob.charAt(++i));
                continue;
            }
            braces = c == '{' || (braces && c != '}');
            out.append(c);
        }
        return out.toString();
    }

    boolean matches(Path relative) {
        return matcher.matches(relative);
    }
}
