package io.millwright.controller.internal.options;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The options of a worker that say as whom its process runs and within which limits. A change of any needs a restart. */
public final class IdentityOptions {
    public static final String USER = "user";
    public static final String GROUP = "group";
    public static final String GROUPS = "groups";
    public static final String UMASK = "umask";
    public static final String NICE = "nice";
    public static final String IONICE = "ionice";
    public static final String OOM_SCORE_ADJ = "oom_score_adj";
    public static final String CPU_AFFINITY = "cpu_affinity";

    /** The limits, by option key, in the order of forms. */
    public static final List<String> LIMITS =
            List.of("limits.nofile", "limits.core", "limits.as", "limits.nproc", "limits.cpu", "limits.fsize");

    private static final List<String> KEYS = Stream.concat(
                    Stream.of(USER, GROUP, GROUPS, UMASK, NICE, IONICE, OOM_SCORE_ADJ, CPU_AFFINITY), LIMITS.stream())
            .toList();

    private static final Map<String, String> MEANINGS = Map.of(
            "limits.nofile", "open files",
            "limits.core", "the size of a core dump",
            "limits.as", "the address space",
            "limits.nproc", "the processes of its user",
            "limits.cpu", "processor time",
            "limits.fsize", "the size of a file that is written");

    private static final Pattern OCTAL = Pattern.compile("0?[0-7]{3}");
    /** What no tool takes for an option, and no shell for more than a word. */
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@$-]*");

    private static final Pattern PRIORITY = Pattern.compile("idle|(best-effort|realtime)(:[0-7])?");
    private static final Pattern PROCESSORS = Pattern.compile("[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*");

    private IdentityOptions() {}

    static void addTo(List<OptionDefinition> all) {
        all.add(any(USER, "The user its process runs as, by name or number; default the node's own."));
        all.add(any(GROUP, "The group its process runs as, by name or number; default the user's own."));
        all.add(OptionDefinition.option(
                        GROUPS, OptionType.STRINGS, "Further groups of its process; default those the user is in.")
                .build());
        all.add(text(
                UMASK,
                "Which permissions new files do not get, three octal digits in quotes (\"027\"); default the node's"
                        + " own."));
        all.add(number(NICE, "Its priority: -20 (first) to 19 (last); default the node's own.", -20, 19));
        all.add(text(
                IONICE,
                "Its priority at disks: idle, best-effort:N or realtime:N, N from 0 (first) to 7; default the node's"
                        + " own."));
        all.add(number(
                OOM_SCORE_ADJ,
                "How soon the kernel ends it when memory is short: -1000 (never) to 1000 (first); default the node's"
                        + " own.",
                -1000,
                1000));
        all.add(any(CPU_AFFINITY, "The processors it may use, as 0-3,8; default all the node may use."));
        for (String key : LIMITS) {
            all.add(any(
                    key,
                    "Limit of " + MEANINGS.get(key) + ": " + (ResourceLimit.unit(key)) + ", unlimited, or two of these"
                            + " as SOFT:HARD; default the node's own."));
        }
    }

    private static OptionDefinition text(String key, String description) {
        return OptionDefinition.option(key, OptionType.STRING, description).build();
    }

    /** A text that may look like a number, and then is written without quotes. */
    private static OptionDefinition any(String key, String description) {
        return OptionDefinition.option(key, OptionType.ANY, description).build();
    }

    private static OptionDefinition number(String key, String description, int least, int most) {
        return OptionDefinition.option(key, OptionType.INTEGER, description)
                .atLeast(least)
                .atMost(most)
                .build();
    }

    /** What is wrong with the texts of these options, whatever the machine is. */
    static void check(OptionValues values, List<Problem> problems) {
        List<Problem> found = new ArrayList<>();
        matches(values, USER, ACCOUNT, "is no name of a user; write its name or number, as \"www-data\"", found);
        matches(values, GROUP, ACCOUNT, "is no name of a group; write its name or number, as \"www-data\"", found);
        for (String group : values.strings(GROUPS)) {
            if (!ACCOUNT.matcher(group).matches()) {
                found.add(Problem.definition(GROUPS, "'" + group + "' is no name of a group"));
            }
        }
        matches(values, UMASK, OCTAL, "must be three octal digits in quotes, as \"027\"", found);
        matches(values, IONICE, PRIORITY, "must be idle, best-effort:N or realtime:N, N from 0 to 7", found);
        matches(values, CPU_AFFINITY, PROCESSORS, "must be numbers of processors, as \"0-3,8\"", found);
        for (String key : LIMITS) {
            if (values.isGiven(key)) {
                String given = value(values, key);
                String problem = given == null
                        ? "must be " + ResourceLimit.unit(key) + " or unlimited"
                        : ResourceLimit.problem(key, given);
                if (problem != null) {
                    found.add(Problem.definition(key, problem));
                }
            }
        }
        problems.addAll(found);
    }

    private static void matches(
            OptionValues values, String key, Pattern pattern, String problem, List<Problem> problems) {
        if (!values.isGiven(key)) {
            return;
        }
        String given = value(values, key);
        if (given == null || !pattern.matcher(given).matches()) {
            problems.add(Problem.definition(key, "'" + values.any(key) + "' " + problem));
        }
    }

    /**
     * The text of one of these options.
     *
     * @param values checked options
     * @param key the option
     * @return its text, {@code null} if it is not given, or neither a text nor a whole number
     */
    public static @Nullable String value(OptionValues values, String key) {
        Object given = values.any(key);
        return given instanceof String || given instanceof Long || given instanceof Integer ? given.toString() : null;
    }

    /** All of them. */
    public static List<String> keys() {
        return KEYS;
    }

    /** Whether any of them is given, so that a launch needs a step before the program. */
    public static boolean isGiven(OptionValues values) {
        for (String key : KEYS) {
            if (values.isGiven(key)) {
                return true;
            }
        }
        return false;
    }
}
