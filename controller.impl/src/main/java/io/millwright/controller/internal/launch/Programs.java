package io.millwright.controller.internal.launch;

import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.process.RawText;
import io.millwright.controller.internal.process.SystemPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the program of a launch plan and says beforehand, and better than the operating system would, why it cannot be
 * run. Touches the file system, so it may block. Thread-safe.
 */
public final class Programs {
    /** Where programs are looked for if the worker's environment has no {@code PATH}. */
    public static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private static final int FIRST_LINE = 256;
    private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

    private Programs() {}

    /**
     * Finds the program.
     *
     * @param plan the plan; its directory exists
     * @return the absolute path of the program, or a problem at the option that named it
     */
    public static Located locate(LaunchPlan plan) {
        Search search = new Search(plan);
        String name = plan.command().get(0);
        Located found = name.indexOf('/') >= 0 ? search.path(name) : search.onPath(name);
        return found.path() == null ? found : search.checkStart(found, found.path());
    }

    /** One search; for one thread. */
    private static final class Search {
        private final LaunchPlan plan;

        Search(LaunchPlan plan) {
            this.plan = plan;
        }

        Located path(String name) {
            Path file = Located.resolve(plan.directory(), name);
            String trouble = file == null ? Located.impossible(name) : trouble(file);
            if (file != null && trouble == null) {
                return Located.at(file);
            }
            boolean there = file != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            return missing("'" + (file == null ? name : SystemPath.text(file)) + "' " + trouble
                    + (there ? "" : Located.hint(name, "working directory")));
        }

        Located onPath(String name) {
            String reason = null;
            for (Path directory : pathDirectories()) {
                Path file = Located.resolve(directory, name);
                // Most directories have no such file, and java.nio would throw and catch for each of them.
                if (file == null || !SystemPath.exists(file)) {
                    continue;
                }
                String trouble = trouble(file);
                if (trouble == null) {
                    return Located.at(file);
                }
                if (reason == null) {
                    reason = "'" + SystemPath.text(file) + "' " + trouble;
                }
            }
            String advice = name.startsWith("\"")
                    ? Located.hint(name, "working directory").substring(2)
                    : name.indexOf(' ') >= 0
                            ? "it must be the program alone, its arguments are given apart"
                            : "check the spelling, install it, or give its absolute path (a path relative to the working"
                                    + " directory needs a '/', as in ./" + name + ")";
            return missing("'" + name + "' was not found on PATH (" + pathText() + ")"
                    + (reason == null ? "; " + advice : ": " + reason));
        }

        private String pathText() {
            String path = plan.environment().getOrDefault("PATH", "");
            return path.isEmpty() ? DEFAULT_PATH : path;
        }

        private List<Path> pathDirectories() {
            List<Path> directories = new ArrayList<>();
            for (String entry : pathText().split(":", -1)) {
                Path directory = Located.resolve(plan.directory(), entry);
                if (directory != null) {
                    directories.add(directory);
                }
            }
            return directories;
        }

        /** Why a file cannot be executed, {@code null} if it can as far as can be seen. */
        private static @Nullable String trouble(Path file) {
            if (Files.isDirectory(file)) {
                return "is a directory; name the program in it";
            }
            if (!Files.exists(file)) {
                if (!Files.notExists(file)) {
                    return Located.unreachable(file);
                }
                return Files.isSymbolicLink(file)
                        ? "is a link to '" + target(file) + "', which does not exist"
                        : "does not exist";
            }
            if (!Files.isRegularFile(file)) {
                return "is not a regular file";
            }
            return Files.isExecutable(file)
                    ? null
                    : "is not executable by the node's user; chmod +x " + file + " would allow it";
        }

        private static String target(Path link) {
            try {
                return Files.readSymbolicLink(link).toString();
            } catch (IOException e) {
                return "?";
            }
        }

        /** Looks at the first bytes: the kernel says of a bad interpreter line only that the script does not exist. */
        Located checkStart(Located found, Path file) {
            byte[] start;
            try (InputStream in = Files.newInputStream(file)) {
                start = in.readNBytes(FIRST_LINE);
            } catch (IOException e) {
                // Executable and not readable is no error.
                return found;
            }
            if (start.length < 2) {
                return missing("'" + SystemPath.text(file)
                        + "' is empty; it must be a binary, or a script that begins with #!");
            }
            if (start[0] != '#' || start[1] != '!') {
                String foreign = LINUX
                        ? ForeignFile.trouble(start, file, System.getProperty("os.arch", ""), KernelFormats.SYSTEM)
                        : null;
                return foreign == null
                        ? found
                        : missing("'" + SystemPath.text(file) + "' cannot be run: it " + foreign);
            }
            String text = RawText.decode(start);
            int end = text.indexOf('\n');
            String line = (end < 0 ? text : text.substring(0, end)).substring(2);
            String trouble = interpreterTrouble(line);
            return trouble == null
                    ? found
                    : missing("'" + SystemPath.text(file) + "' cannot be run: its first line is '#!"
                            + line.replace("\r", "\\r") + "', " + trouble);
        }

        private @Nullable String interpreterTrouble(String line) {
            if (line.endsWith("\r")) {
                return "with a Windows line end (\\r) that counts as part of the interpreter's name; save the file with"
                        + " Unix line ends";
            }
            String[] words = line.strip().split("[ \t]+", 2);
            if (words[0].isEmpty()) {
                return "which names no interpreter; write for example #!/bin/sh";
            }
            Path interpreter = Located.resolve(plan.directory(), words[0]);
            String trouble = interpreter == null ? Located.impossible(words[0]) : trouble(interpreter);
            if (interpreter == null || trouble != null) {
                return "and the interpreter '" + words[0] + "' " + trouble;
            }
            boolean env = interpreter.endsWith("env") && words.length > 1;
            return env ? envTrouble(words[1].strip()) : null;
        }

        /** What {@code env} would look for: Linux hands it all after its name as one argument. */
        private @Nullable String envTrouble(String argument) {
            String name = argument;
            if (argument.startsWith("-S")) {
                name = argument.substring(2).strip().split("[ \t]+", 2)[0];
            }
            if (name.isEmpty() || name.startsWith("-") || name.indexOf('=') >= 0) {
                return null;
            }
            Located found = name.indexOf('/') >= 0 ? path(name) : onPath(name);
            return found.problem() == null
                    ? null
                    : "and its interpreter " + found.problem().message()
                            + (name.indexOf(' ') >= 0 ? " (env takes arguments only after -S)" : "");
        }

        private Located missing(String message) {
            return Located.missing(plan.commandOption(), message);
        }
    }
}
