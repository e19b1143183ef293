package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.options.OptionChecker;
import io.millwright.options.VariableReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The options every worker type shares, and what must hold between them. Thread-safe. */
public final class CommonOptions {
    public static final String WORKDIR = "workdir";
    public static final String WORKDIR_CREATE = "workdir.create";
    public static final String ENV_INHERIT = "env.inherit";
    public static final String ENV_FILE = "env.file";
    public static final String ENV_VARS = "env.vars";
    public static final String STDIN_MODE = "stdin.mode";
    public static final String STDIN_TYPE = "stdin.type";
    public static final String STDIN_VALUE = "stdin.value";
    public static final String STDIN_CLOSE = "stdin.close";
    public static final String STDOUT = "stdout";
    public static final String STDERR = "stderr";
    public static final String LOG_RING = "log.ring";
    public static final String LOG_FILE = "log.file";
    public static final String LOG_FORMAT = "log.format";
    public static final String LOG_MAX_SIZE = "log.max.size";
    public static final String LOG_KEEP = "log.keep";
    public static final String STOP_SIGNAL = "stop.signal";
    public static final String STOP_TIMEOUT = "stop.timeout";
    public static final String EXIT_SUCCESS = "exit.success";
    public static final String DISABLED = "disabled";

    /** The options of standard input. */
    static final List<String> STDIN = List.of(STDIN_MODE, STDIN_TYPE, STDIN_VALUE, STDIN_CLOSE);

    private static final String[] OUTPUTS = {"log", "close", "drop", "file"};
    private static final List<OptionDefinition> DEFINITIONS = definitionsInOrder();

    private CommonOptions() {}

    /**
     * The shared options.
     *
     * @return an unmodifiable list in the order forms show
     */
    public static List<OptionDefinition> definitions() {
        return DEFINITIONS;
    }

    /**
     * A checker for workers of one type: shared options first, then the type's own, none of which hides a shared one.
     *
     * @param typeOptions the type's own options
     * @param environment looks a name up in the node's own environment
     * @return a checker to use for all workers of the type
     * @throws IllegalArgumentException if a definition's default is not a value of it
     */
    public static OptionChecker checker(
            List<OptionDefinition> typeOptions, Function<String, @Nullable String> environment) {
        List<OptionDefinition> all = new ArrayList<>(DEFINITIONS);
        all.addAll(typeOptions);
        return new OptionChecker(all, CommonOptions::contradictions, environment);
    }

    private static List<OptionDefinition> definitionsInOrder() {
        List<OptionDefinition> all = new ArrayList<>();
        all.add(option(
                        WORKDIR,
                        OptionType.STRING,
                        "Working directory, relative to the node directory; default: the node directory itself.")
                .build());
        all.add(option(
                        WORKDIR_CREATE,
                        OptionType.BOOLEAN,
                        "Whether the working directory is made at the start if it is missing; default false.")
                .byDefault(false)
                .build());
        all.add(option(
                        ENV_INHERIT,
                        OptionType.BOOLEAN_OR_STRINGS,
                        "Which variables of the node's environment the worker gets: true (all), false (none) or a list"
                                + " of names; default true.")
                .byDefault(true)
                .build());
        all.add(option(
                        ENV_FILE,
                        OptionType.STRINGS,
                        "Files of NAME=value lines, relative to the node directory, read at each start; a later one stands"
                                + " above an earlier one, env.vars above all; default none.")
                .build());
        all.add(option(
                        ENV_VARS,
                        OptionType.VARIABLES,
                        "Variables for the worker: NAME to a text in which ${NAME} is replaced ($${ stands for ${),"
                                + " to {\"secret\": text} or to {\"secretFile\": path}; or a list of NAME=text and"
                                + " NAME.secretFile=path; default none.")
                .build());
        addStreams(all);
        addLog(all);
        LogKeepingOptions.addTo(all);
        RestartOptions.addTo(all);
        all.add(option(
                        STOP_SIGNAL,
                        OptionType.SIGNAL,
                        "Signal that asks the worker's process group to end; default TERM.")
                .byDefault("TERM")
                .inPlace()
                .build());
        all.add(option(
                        STOP_TIMEOUT,
                        OptionType.DURATION,
                        "How long to wait after the stop signal before the group is killed; default 20s.")
                .byDefault("20s")
                .inPlace()
                .build());
        all.add(option(
                        EXIT_SUCCESS,
                        OptionType.STRINGS,
                        "Exit codes and signal names (3, TERM) that count as success, 0 always does; default 0.")
                .byDefault(List.of("0"))
                .inPlace()
                .build());
        all.add(option(
                        DISABLED,
                        OptionType.BOOLEAN,
                        "Whether a configured worker is left alone: true, false or ${NAME}; default false.")
                .byDefault(false)
                .inPlace()
                .build());
        WatchOptions.addTo(all);
        ProbeOptions.addTo(all);
        DependencyOptions.addTo(all);
        IdentityOptions.addTo(all);
        CgroupOptions.addTo(all);
        CommandOptions.addTo(all);
        SocketOptions.addTo(all);
        InstanceOptions.addTo(all);
        ScheduleOptions.addTo(all);
        return List.copyOf(all);
    }

    private static void addStreams(List<OptionDefinition> all) {
        all.add(option(
                        STDIN_MODE,
                        OptionType.STRING,
                        "Standard input: close (at its end at once) or open (for worker:input); default close. For"
                                + " an input with content use stdin.type and stdin.value instead.")
                .oneOf("close", "open")
                .byDefault("close")
                .shortForm("stdin")
                .build());
        all.add(option(
                        STDIN_TYPE,
                        OptionType.STRING,
                        "How stdin.value is written to standard input: text (as it is, UTF-8) or json (one line of"
                                + " JSON); default: there is no such value.")
                .oneOf("json", "text")
                .build());
        all.add(option(
                        STDIN_VALUE,
                        OptionType.JSON_TEXT,
                        "What is written to standard input at the start: a text, or for json any value (a text that is"
                                + " itself JSON is sent as it is, any other text as a JSON string); default none.")
                .build());
        all.add(option(STDIN_CLOSE, OptionType.BOOLEAN, "Whether standard input ends after stdin.value; default true.")
                .byDefault(true)
                .build());
        for (String stream : List.of(STDOUT, STDERR)) {
            all.add(option(
                            stream,
                            OptionType.STRING,
                            "Where " + (stream.equals(STDOUT) ? "standard output" : "standard error")
                                    + " goes: log, close (writing fails), drop, or file (straight to log/workers/<id>"
                                    + (stream.equals(STDOUT) ? ".out" : ".err")
                                    + ", as it is, not followed; rotated before a run if it has reached log.max.size); default log.")
                    .oneOf(OUTPUTS)
                    .byDefault("log")
                    .build());
        }
    }

    private static void addLog(List<OptionDefinition> all) {
        all.add(option(
                        LOG_RING,
                        OptionType.INTEGER,
                        "How many of the last lines are kept in memory, at most 256KiB of them; default 1000.")
                .byDefault(1000)
                .atLeast(1)
                .atMost(100_000)
                .inPlace()
                .build());
        all.add(option(LOG_FILE, OptionType.BOOLEAN, "Whether output is also kept in a file; default true.")
                .byDefault(true)
                .inPlace()
                .build());
        all.add(option(
                        LOG_FORMAT,
                        OptionType.STRING,
                        "How lines are written to the file: stamped (time and stream before each) or raw; default"
                                + " stamped.")
                .oneOf("stamped", "raw")
                .byDefault("stamped")
                .inPlace()
                .build());
        all.add(option(LOG_MAX_SIZE, OptionType.SIZE, "Size in bytes at which the file is rotated; default 64MiB.")
                .byDefault("64MiB")
                .atLeast(1024)
                .inPlace()
                .build());
        all.add(option(
                        LOG_KEEP,
                        OptionType.INTEGER,
                        "How many rotated files are kept beside the current one; default 5.")
                .byDefault(5)
                .atLeast(0)
                .atMost(1000)
                .inPlace()
                .build());
    }

    private static List<Problem> contradictions(OptionValues values, Set<String> noTexts) {
        List<Problem> problems = new ArrayList<>();
        checkInput(values, noTexts, problems);
        problems.addAll(NativeOptions.contradictions(values));
        if (!values.isGiven(WORKDIR) && values.flag(WORKDIR_CREATE)) {
            problems.add(Problem.definition(
                    WORKDIR_CREATE, "needs a working directory to create; give 'workdir' as well, or leave this out"));
        }
        if (values.any(ENV_INHERIT) instanceof List<?> names) {
            for (Object name : names) {
                String problem = VariableReader.nameProblem(String.valueOf(name));
                if (problem != null) {
                    problems.add(Problem.definition(ENV_INHERIT, "'" + name + "' " + problem));
                }
            }
        }
        WatchOptions.check(values, problems);
        String success = ExitNames.problem(values.strings(EXIT_SUCCESS));
        if (success != null) {
            problems.add(Problem.definition(EXIT_SUCCESS, success));
        }
        RestartOptions.check(values, problems);
        IdentityOptions.check(values, problems);
        CgroupOptions.check(values, problems);
        ProbeOptions.check(values, problems);
        DependencyOptions.check(values, problems);
        CommandOptions.check(values, problems);
        SocketOptions.check(values, problems);
        InstanceOptions.check(values, problems);
        ScheduleOptions.check(values, problems);
        return problems;
    }

    private static void checkInput(OptionValues values, Set<String> noTexts, List<Problem> problems) {
        boolean typed = values.isGiven(STDIN_TYPE);
        boolean valued = values.isGiven(STDIN_VALUE);
        if ("text".equals(values.any(STDIN_TYPE)) && noTexts.contains(STDIN_VALUE)) {
            problems.add(Problem.definition(
                    STDIN_VALUE, "is not a text as stdin.type: text asks for; write it in quotes, or use type json"));
        }
        if (values.isGiven(STDIN_MODE) && (typed || valued)) {
            problems.add(Problem.definition(
                    STDIN_MODE,
                    "contradicts stdin.type and stdin.value; write either \"close\" or \"open\", or an object"));
        }
        if (valued && !typed) {
            problems.add(Problem.definition(STDIN_VALUE, "needs stdin.type to say how it is written: json or text"));
        }
        if (typed && !valued) {
            problems.add(Problem.definition(STDIN_TYPE, "needs stdin.value, what is to be written"));
        }
        if (values.isGiven(STDIN_CLOSE) && !typed && !valued) {
            problems.add(Problem.definition(
                    STDIN_CLOSE, "needs stdin.type and stdin.value; without them write stdin: \"close\" or \"open\""));
        }
    }
}
