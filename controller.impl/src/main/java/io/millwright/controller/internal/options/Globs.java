package io.millwright.controller.internal.options;

import java.nio.file.FileSystems;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a glob of {@code watch.include} or {@code watch.exclude} that would match nothing. Stateless. */
final class Globs {
    private Globs() {}

    /** A sentence that follows the glob, {@code null} if it is right. */
    static @Nullable String problem(String text) {
        String glob = text.startsWith("!") ? text.substring(1) : text;
        if (glob.isBlank()) {
            return "is empty; write for example '*.conf' or '**/*.py'";
        }
        if (glob.startsWith("/") || glob.startsWith("~/")) {
            return "is absolute; globs are relative to the watched directory: write for example '**/*.py'";
        }
        if (("/" + glob + "/").contains("/../")) {
            return "leads out of the watched directory, where nothing is watched; add that directory to watch.directories";
        }
        if (isSeveral(glob)) {
            return "looks like several globs in one text; write a list with one in each element";
        }
        try {
            FileSystems.getDefault().getPathMatcher("glob:" + glob);
            return null;
        } catch (PatternSyntaxException e) {
            return "is not a glob: " + e.getDescription() + "; a character that stands for itself follows a backslash";
        }
    }

    /** Whether a comma, semicolon or blank outside of braces and brackets is followed by what could be a glob again. */
    private static boolean isSeveral(String glob) {
        int depth = 0;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            } else if (depth == 0 && (c == ',' || c == ';' || c == ' ' || c == '\n')) {
                String rest = glob.substring(i + 1).trim();
                if (rest.startsWith("*") || rest.startsWith("!") || rest.startsWith("./")) {
                    return true;
                }
            }
        }
        return false;
    }
}
