package io.millwright.controller.internal.options;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options that name commands which the node runs for a worker, beside its program. */
public final class CommandOptions {
    public static final String STOP = "stop.command";
    public static final String BEFORE = "exec.before";
    public static final String AFTER = "exec.after";
    public static final String FAILED = "exec.failed";

    private static final String COMMAND = ".command";
    private static final String TIMEOUT = ".timeout";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Map<String, String> ALL = texts();

    /**
     * A command of a worker's options. Immutable.
     *
     * @param option the option that names it
     * @param words program and arguments, at least one
     * @param timeout how long it may take, {@code null} for as long as it likes
     * @param limit the option that says so
     */
    public record Command(String option, List<String> words, @Nullable Duration timeout, String limit) {
        /** The same with less time, if it has more than another option allows. */
        public Command within(Duration most, String by) {
            return timeout != null && timeout.compareTo(most) <= 0 ? this : new Command(option, words, most, by);
        }

        /** What it is, for people: {@code stop.command '/bin/quit now'}. */
        public String what() {
            return option + " '" + String.join(" ", words) + "'";
        }
    }

    private CommandOptions() {}

    private static Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(
                STOP,
                "asks the worker to end in place of stop.signal; it finds the worker's process in MAINPID; if it fails, the"
                        + " signal follows at once, and at stop.timeout everything is killed");
        texts.put(
                BEFORE,
                "is run before each start's process is made; its failure is that of the start, and its time is part of"
                        + " start.timeout");
        texts.put(
                AFTER,
                "is run after each end, before that is published, with EXIT_CODE, EXIT_SIGNAL and EXIT_CLASS in its"
                        + " environment");
        texts.put(
                FAILED,
                "is run when the worker has ended with an error and is not restarted; it finds what exec.after finds, and on its"
                        + " standard input the reason and the last lines of the log");
        return texts;
    }

    static void addTo(List<OptionDefinition> all) {
        ALL.forEach((key, text) -> {
            all.add(OptionDefinition.option(
                            key + COMMAND,
                            OptionType.STRINGS,
                            "A command (program, arguments) that " + text
                                    + "; it runs as the worker does; default none.")
                    .shortForm(key)
                    .inPlace()
                    .build());
            all.add(OptionDefinition.option(
                            key + TIMEOUT,
                            OptionType.DURATION,
                            "How long " + key + " may take before it is killed, which is a failure; default 30s.")
                    .atLeast(1)
                    .inPlace()
                    .build());
        });
    }

    /** What is wrong with these options together. */
    static void check(OptionValues values, List<Problem> problems) {
        for (String key : ALL.keySet()) {
            List<String> words = values.strings(key + COMMAND);
            if (!words.isEmpty() && words.get(0).isBlank()) {
                problems.add(Problem.definition(
                        key + COMMAND, "begins with no program; write it as [\"program\", \"argument\"]"));
            }
            if (words.isEmpty() && values.isGiven(key + TIMEOUT)) {
                problems.add(Problem.definition(key + TIMEOUT, "needs " + key + ", the command that it limits"));
            }
        }
    }

    /**
     * The command that an option names.
     *
     * @param values checked options, {@code null} for none
     * @param key one of the constants of this class
     * @return {@code null} if it names none
     */
    public static @Nullable Command of(@Nullable OptionValues values, String key) {
        List<String> words = values == null ? List.of() : values.strings(key + COMMAND);
        return values == null || words.isEmpty()
                ? null
                : new Command(key, words, values.duration(key + TIMEOUT).orElse(LIMIT), key + TIMEOUT);
    }
}
