package io.millwright.controller.internal.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of {@code NAME=value} lines, read. Its sentences never show a value. Immutable.
 *
 * <p>Blank lines and lines that begin with {@code #} are skipped; of two lines with one name the later counts. A value is what
 * follows the {@code =} without spaces around it, and nothing in it is replaced. In single quotes it is as it stands between them, in
 * double quotes {@code \"}, {@code \\}, {@code \n} and {@code \t} are escapes.
 *
 * @param variables name to value
 * @param problems a sentence with its line for each line that is none, or why the file could not be read
 */
record EnvironmentFile(Map<String, String> variables, List<String> problems) {
    private static final int LONGEST = 1024 * 1024;
    private static final String FORM = "write NAME=value, or begin the line with # for a comment";

    /** Reads a file. Blocks for it. */
    static EnvironmentFile read(Path directory, String text) {
        TextFile file = TextFile.read(directory, text, "file", LONGEST);
        if (file.content() == null) {
            return new EnvironmentFile(Map.of(), List.of(String.valueOf(file.trouble())));
        }
        Map<String, String> variables = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        int number = 0;
        for (String line : file.content().split("\r?\n", -1)) {
            number++;
            String problem = read(line.strip(), variables);
            if (problem != null) {
                problems.add("file '" + directory.resolve(text).normalize() + "', line " + number + ": " + problem);
            }
        }
        return new EnvironmentFile(variables, problems);
    }

    private static @Nullable String read(String line, Map<String, String> variables) {
        if (line.isEmpty() || line.startsWith("#")) {
            return null;
        }
        int sign = line.indexOf('=');
        if (sign < 0) {
            return "it has no '='; " + FORM;
        }
        String name = line.substring(0, sign);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
            return name.startsWith("export ")
                    ? "it begins with 'export', which only a shell reads; " + FORM
                    : "what stands before '=' is no name of a variable; " + FORM;
        }
        String value = line.substring(sign + 1).strip();
        char quote = value.isEmpty() ? 0 : value.charAt(0);
        if (quote == '\'' || quote == '"') {
            StringBuilder inner = new StringBuilder();
            int end = unquote(value, quote, inner);
            if (end < 0) {
                return "the value begins with " + quote + " and does not end with it; close it, or put the whole value"
                        + " in the other quotes";
            }
            if (end < value.length()) {
                return "something follows the closing " + quote + " of the value; put all of it in quotes";
            }
            value = inner.toString();
        }
        variables.put(name, value);
        return null;
    }

    /** Reads a quoted value to its closing quote; -1 if there is none, else where it ends. */
    private static int unquote(String value, char quote, StringBuilder inner) {
        for (int at = 1; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == quote) {
                return at + 1;
            }
            char next = at + 1 < value.length() ? value.charAt(at + 1) : 0;
            int escape = quote == '"' && c == '\\' ? "\"\\nt".indexOf(next) : -1;
            if (escape >= 0) {
                inner.append("\"\\\n\t".charAt(escape));
                at++;
            } else {
                inner.append(c);
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return "EnvironmentFile" + variables.keySet();
    }
}
