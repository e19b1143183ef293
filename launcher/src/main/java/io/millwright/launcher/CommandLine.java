package io.millwright.launcher;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked of the launcher. Immutable.
 *
 * @param mode run a node, or check its configuration
 * @param directory the node directory, absolute and normalized
 * @param debugLifecycle whether the controller prints its marker lines
 */
record CommandLine(Mode mode, Path directory, boolean debugLifecycle) {

    enum Mode {
        RUN,
        CHECK
    }

    static final String USAGE = "usage: run [--debug-lifecycle] DIR | check DIR";

    /** Reads the arguments; every mistake is answered with what was wrong and the usage. */
    static CommandLine parse(List<String> args) throws LauncherException {
        if (args.isEmpty()) {
            throw LauncherException.usage("no command given; " + USAGE);
        }
        Mode mode =
                switch (args.get(0)) {
                    case "run" -> Mode.RUN;
                    case "check" -> Mode.CHECK;
                    default -> throw LauncherException.usage("unknown command '" + args.get(0) + "'; " + USAGE);
                };
        boolean debug = false;
        boolean optionsEnded = false;
        @Nullable String directory = null;
        for (String arg : args.subList(1, args.size())) {
            if (!optionsEnded && arg.equals("--")) {
                optionsEnded = true;
            } else if (!optionsEnded && mode == Mode.RUN && arg.equals("--debug-lifecycle")) {
                debug = true;
            } else if (!optionsEnded && arg.startsWith("-")) {
                throw LauncherException.usage("unknown option '" + arg + "' of '" + args.get(0) + "'; " + USAGE);
            } else if (directory != null) {
                throw LauncherException.usage("one node directory expected, '" + arg + "' is a second; " + USAGE);
            } else {
                directory = arg;
            }
        }
        if (directory == null || directory.isEmpty()) {
            throw LauncherException.usage("no node directory given; " + USAGE);
        }
        try {
            return new CommandLine(mode, Path.of(directory).toAbsolutePath().normalize(), debug);
        } catch (InvalidPathException e) {
            throw LauncherException.usage("'" + directory + "' is not a path: " + e.getReason());
        }
    }
}
