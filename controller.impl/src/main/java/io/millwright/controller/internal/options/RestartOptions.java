package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.options.Units;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The options that say which ends of a worker are followed by another start, and when. */
public final class RestartOptions {
    public static final String POLICY = "restart.policy";
    public static final String DELAY = "restart.delay";
    public static final String FACTOR = "restart.factor";
    public static final String MAX = "restart.max";
    public static final String JITTER = "restart.jitter";
    public static final String LIMIT = "restart.limit";
    public static final String WINDOW = "restart.window";
    public static final String ON_LIMIT = "restart.on_limit";
    public static final String RESET = "restart.reset";
    public static final String CODES = "restart.codes";
    public static final String NEVER_CODES = "restart.never_codes";
    public static final String MEMORY = "restart.memory";

    private RestartOptions() {}

    static void addTo(List<OptionDefinition> all) {
        all.add(option(
                        POLICY,
                        OptionType.STRING,
                        "When a worker that ended by itself is started again: never, on-failure or always; a bare"
                                + " restart means this; default never.")
                .oneOf("never", "on-failure", "always")
                .byDefault("never")
                .shortForm("restart")
                .inPlace()
                .build());
        all.add(option(
                        DELAY,
                        OptionType.DURATION,
                        "How long the second restart waits (the first is at once); default 100ms.")
                .byDefault("100ms")
                .inPlace()
                .build());
        all.add(option(
                        FACTOR,
                        OptionType.NUMBER,
                        "By what the delay is multiplied for each further restart, at least 1; default 2.")
                .byDefault(2)
                .atLeast(1)
                .inPlace()
                .build());
        all.add(option(MAX, OptionType.DURATION, "The longest delay between restarts; default 30s.")
                .byDefault("30s")
                .inPlace()
                .build());
        all.add(option(
                        JITTER,
                        OptionType.NUMBER,
                        "By how many percent a delay is varied at random, 0 to 100, with or without %; default 10.")
                .byDefault(10)
                .atLeast(0)
                .atMost(100)
                .inPlace()
                .build());
        all.add(option(
                        LIMIT,
                        OptionType.INTEGER,
                        "How many restarts there may be within restart.window; default any number.")
                .atLeast(1)
                .atMost(10_000)
                .inPlace()
                .build());
        all.add(option(WINDOW, OptionType.DURATION, "How long a restart counts for restart.limit; default 60s.")
                .byDefault("60s")
                .atLeast(1)
                .inPlace()
                .build());
        all.add(option(
                        ON_LIMIT,
                        OptionType.STRING,
                        "What happens at restart.limit: keep-trying (once each restart.max) or fail (ends for good);"
                                + " default keep-trying.")
                .oneOf("keep-trying", "fail")
                .byDefault("keep-trying")
                .inPlace()
                .build());
        all.add(option(
                        RESET,
                        OptionType.DURATION,
                        "How long a good run is, after which the delays begin anew; default 60s.")
                .byDefault("60s")
                .atLeast(1)
                .inPlace()
                .build());
        all.add(option(
                        CODES,
                        OptionType.STRINGS,
                        "Exit codes and signal names (3, SEGV) that are always followed by a restart, whatever the"
                                + " policy; default none.")
                .inPlace()
                .build());
        all.add(option(
                        NEVER_CODES,
                        OptionType.STRINGS,
                        "Exit codes and signal names that are never followed by a restart, whatever the policy; default"
                                + " none.")
                .inPlace()
                .build());
        all.add(option(
                        MEMORY,
                        OptionType.SIZE,
                        "Resident memory of all its processes above which it is restarted, whatever the policy; it is looked at"
                                + " every 5 seconds; default any.")
                .atLeast(1024 * 1024)
                .inPlace()
                .build());
    }

    /** What is wrong with the texts of these options. */
    static void check(OptionValues values, List<Problem> problems) {
        for (String key : List.of(CODES, NEVER_CODES)) {
            String problem = ExitNames.problem(values.strings(key));
            if (problem != null) {
                problems.add(Problem.definition(key, problem));
            }
        }
        List<String> never = ExitNames.words(values.strings(NEVER_CODES)).stream()
                .map(ExitNames::bare)
                .toList();
        for (String word : ExitNames.words(values.strings(CODES))) {
            if (never.contains(ExitNames.bare(word))) {
                problems.add(Problem.definition(
                        CODES, "'" + word + "' is in restart.never_codes too; keep it in one of them"));
            }
        }
        Optional<Duration> delay = values.duration(DELAY);
        Optional<Duration> max = values.duration(MAX);
        if (delay.isPresent() && max.isPresent() && max.get().compareTo(delay.get()) < 0) {
            problems.add(Problem.definition(
                    values.isGiven(MAX) ? MAX : DELAY,
                    "the longest delay, restart.max " + Units.text(max.get()) + ", is below the first, restart.delay "
                            + Units.text(delay.get()) + "; raise restart.max or lower restart.delay"));
        }
    }
}
