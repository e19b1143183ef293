package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import java.util.List;

/** The options that say which files of a worker are watched, and what their changes do. */
public final class WatchOptions {
    public static final String DIRECTORIES = "watch.directories";
    public static final String INCLUDE = "watch.include";
    public static final String EXCLUDE = "watch.exclude";
    public static final String ACTION = "watch.action";
    public static final String SIGNAL = "watch.signal";
    public static final String DEBOUNCE = "watch.debounce";
    public static final String TIMEOUT = "watch.timeout";
    public static final String POLLING = "watch.polling";

    private WatchOptions() {}

    static void addTo(List<OptionDefinition> all) {
        all.add(option(
                        DIRECTORIES,
                        OptionType.STRINGS,
                        "Directories watched with all below them, relative to the node directory; default none.")
                .inPlace()
                .build());
        all.add(option(
                        INCLUDE,
                        OptionType.STRINGS,
                        "Globs of the files that count, relative to a watched directory (** crosses directories, !x takes x"
                                + " out); default all.")
                .inPlace()
                .build());
        all.add(option(
                        EXCLUDE,
                        OptionType.STRINGS,
                        "Globs of files that do not count, stronger than watch.include (!x after others: x counts again);"
                                + " default none.")
                .inPlace()
                .build());
        all.add(option(
                        ACTION,
                        OptionType.STRING,
                        "What a change does: restart, signal (sends watch.signal) or none (only tells); default restart.")
                .oneOf("restart", "signal", "none")
                .inPlace()
                .build());
        all.add(option(SIGNAL, OptionType.SIGNAL, "Signal for watch.action signal; default HUP.")
                .inPlace()
                .build());
        all.add(option(
                        DEBOUNCE,
                        OptionType.DURATION,
                        "How long it must be quiet before a burst of changes counts as one; default 500ms.")
                .inPlace()
                .build());
        all.add(option(
                        TIMEOUT,
                        OptionType.DURATION,
                        "How long a restart waits between the end of the old process and the new one; default 0s.")
                .inPlace()
                .build());
        all.add(option(
                        POLLING,
                        OptionType.DURATION,
                        "How often to look instead of being notified, for network filesystems; default: notified.")
                .atLeast(10)
                .inPlace()
                .build());
    }

    /** What is wrong with the texts of these options. */
    static void check(OptionValues values, List<Problem> problems) {
        for (String key : List.of(INCLUDE, EXCLUDE)) {
            for (String glob : values.strings(key)) {
                String problem = Globs.problem(glob);
                if (problem != null) {
                    problems.add(Problem.definition(key, "'" + glob + "' " + problem));
                }
            }
        }
        for (String key : List.of(INCLUDE, EXCLUDE, ACTION, SIGNAL, DEBOUNCE, TIMEOUT, POLLING)) {
            if (values.isGiven(key) && values.strings(DIRECTORIES).isEmpty()) {
                problems.add(Problem.definition(key, "needs watch.directories, where to watch"));
            }
        }
    }
}
